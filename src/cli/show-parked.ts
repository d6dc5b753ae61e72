import { onDay, phrase } from "../dialogue/phrase.ts";
import type { ParkedInvocation } from "./invocation.ts";
import type { Terminal } from "./terminal.ts";
import type { Toolbox } from "./toolbox.ts";

/** Listed up to this many; the rest is counted. */
const MOST_LISTED = 20;

const show = async ({ parking }: Toolbox, { json }: ParkedInvocation, terminal: Terminal): Promise<void> => {
  const parked = await parking.inbound.parked();
  if (json) {
    terminal.out(
      JSON.stringify({ parked: parked.length, events: parked.map((each) => ({ ...each, id: String(each.id) })) }),
    );
    return;
  }
  terminal.out(terminal.say(phrase("parked.count", { count: parked.length })));
  for (const { id, platform, receivedAt, attempts } of parked.slice(0, MOST_LISTED))
    terminal.out(
      `  ${terminal.say(phrase("parked.event", { id: String(id), platform, at: onDay(receivedAt), count: attempts }))}`,
    );
  if (parked.length > MOST_LISTED)
    terminal.out(`  ${terminal.say(phrase("parked.more", { count: parked.length - MOST_LISTED }))}`);
  if (parked.length > 0) terminal.err(terminal.say(phrase("parked.what-now")));
};

/** `chuanda parked`: what people sent and we could not work off, and what is to become of it. */
export const showParked = async (tools: Toolbox, asked: ParkedInvocation, terminal: Terminal): Promise<number> => {
  if (asked.deed === "show") {
    await show(tools, asked, terminal);
    return 0;
  }
  const { inbound, queue } = tools.parking;
  const count = asked.deed === "retry" ? await inbound.retry() : await inbound.drop();
  if (asked.deed === "retry" && count > 0) await queue.hint({ name: "answer", id: "parked" });
  if (asked.json) terminal.out(JSON.stringify(asked.deed === "retry" ? { retried: count } : { dropped: count }));
  else terminal.out(terminal.say(phrase(asked.deed === "retry" ? "parked.retried" : "parked.dropped", { count })));
  return 0;
};
