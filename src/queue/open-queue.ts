import type { Queue } from "../ports/queue.ts";
import type { QueueOptions } from "./bull-queue.ts";

/** The queue, opened when it is first used: most commands ask nothing of it, and what it is made of is large. */
export const openQueue = (options: QueueOptions): Queue => {
  let opened: Promise<Queue> | null = null;
  const queue = (): Promise<Queue> => {
    opened ??= import("./bull-queue.ts").then(({ bullQueue }) => bullQueue(options));
    return opened;
  };
  return {
    hint: async (...hints) => (await queue()).hint(...hints),
    later: async (...hints) => (await queue()).later(...hints),
    work: async (run) => (await queue()).work(run),
    warnings: async () => (await queue()).warnings(),
    facts: async () => (await queue()).facts(),
    ping: async () => (await queue()).ping(),
    stop: async () => (await opened)?.stop(),
  };
};
