import { onDay, phrase } from "../dialogue/phrase.ts";
import { normaliseNumber } from "../domain/notice.ts";
import type { HeldGroup } from "../ports/store/held-store.ts";
import type { HeldInvocation } from "./invocation.ts";
import type { Terminal } from "./terminal.ts";
import type { Toolbox } from "./toolbox.ts";

const line = ({ number, title, urgency, open, publishedAt, messages }: HeldGroup, terminal: Terminal): string => {
  if (number === null || publishedAt === null) return terminal.say(phrase("held.answers", { count: messages }));
  const facts = { number, title: title ?? "", count: messages, at: onDay(publishedAt) };
  return terminal.say(
    open ? phrase("held.notice", { ...facts, urgency: urgency ?? "" }) : phrase("held.notice.ended", facts),
  );
};

const show = (groups: readonly HeldGroup[], asked: HeldInvocation, terminal: Terminal): void => {
  const total = groups.reduce((sum, { messages }) => sum + messages, 0);
  if (asked.json) {
    terminal.out(JSON.stringify({ held: total, notices: groups }));
    return;
  }
  terminal.out(terminal.say(phrase("held.count", { count: total })));
  for (const group of groups) terminal.out(`  ${line(group, terminal)}`);
  if (total > 0) terminal.err(terminal.say(phrase("held.what-now")));
};

const settle = async ({ holding, clock }: Toolbox, asked: HeldInvocation, number: string | null) => {
  if (asked.deed === "drop") return { released: 0, dropped: await holding.held.drop(number) };
  const done = await holding.held.release(number, clock.now());
  await holding.queue.hint(...holding.platforms.map((id) => ({ name: "dispatch", id }) as const));
  return done;
};

const tell = (terminal: Terminal, asked: HeldInvocation, done: Awaited<ReturnType<typeof settle>>): void => {
  const { released, dropped } = done;
  if (asked.json) {
    terminal.out(JSON.stringify(done));
    return;
  }
  if (asked.deed === "release") terminal.out(terminal.say(phrase("held.released", { count: released })));
  if (asked.deed === "drop" || dropped > 0) terminal.out(terminal.say(phrase("held.dropped", { count: dropped })));
};

/** `chuanda held`: what a restore holds back, and what is to become of it. */
export const showHeld = async (tools: Toolbox, asked: HeldInvocation, terminal: Terminal): Promise<number> => {
  const number = asked.number && (normaliseNumber(asked.number) ?? asked.number);
  const groups = (await tools.holding.held.groups()).filter((group) => number === null || group.number === number);
  if (number !== null && groups.length === 0) {
    terminal.err(terminal.say(phrase("held.nothing-of", { number })));
    return 1;
  }
  if (asked.deed === "show") show(groups, asked, terminal);
  else tell(terminal, asked, await settle(tools, asked, number));
  return 0;
};
