import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";

/** Asks until the answer is right, and tells the last wrong one after `ms`. */
export const eventually = async <Value>(
  ask: () => Promise<Value> | Value,
  right: (value: Value) => boolean,
  ms = 20_000,
): Promise<Value> => {
  const end = Date.now() + ms;
  for (;;) {
    const value = await ask();
    if (right(value)) return value;
    if (Date.now() > end) throw new Error(`after ${ms} ms it is still ${inspect(value, { depth: 4 })}`);
    await sleep(20);
  }
};
