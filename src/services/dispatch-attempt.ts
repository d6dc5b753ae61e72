import type { SendOutcome } from "../domain/delivery.ts";
import type { DispatchParts, Held } from "./dispatch-parts.ts";

/** A request may take this long. It ends within the time that a process has for stopping. */
const SEND_WITHIN_MS = 15_000;
/** What a platform needs to give up by itself; one that does not would keep its slot for ever. */
const GRACE_MS = 1_000;

const within = async <Value>(ms: number, promise: Promise<Value>): Promise<Value> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no outcome within ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

/** Sends or redraws one message. Never rejects: a platform that throws may have sent it. */
export const attempt = async (
  { platform, clock, log }: Pick<DispatchParts, "platform" | "clock" | "log">,
  { delivery, card }: Held,
): Promise<SendOutcome> => {
  const deadline = new Date(clock.real().getTime() + SEND_WITHIN_MS);
  const options = { lane: delivery.lane, deadline, key: String(delivery.id) };
  try {
    const request =
      delivery.work === "redraw" && delivery.ref !== null
        ? platform.redraw(delivery.address, delivery.ref, card, options)
        : platform.send(delivery.address, card, options);
    return await within(SEND_WITHIN_MS + GRACE_MS, request);
  } catch (err) {
    log.error("platform-threw", { platform: platform.name, delivery: String(delivery.id), err });
    return { kind: "in-doubt" };
  }
};
