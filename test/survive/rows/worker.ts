import { setTimeout as sleep } from "node:timers/promises";
import type { Row } from "../endure.ts";
import { type Member, untilReady } from "../world.ts";

const two = (members: readonly Member[]): readonly [Member, Member] => {
  const [one, other] = members;
  if (!one || !other) throw new Error("two workers are needed");
  return [one, other];
};

/** One after the other dies with its hands full, and comes back while the next is killed. */
const killed: Row = {
  component: "worker",
  fault: "kill -9, one after the other, mid-broadcast",
  crashes: 3,
  inject: async ({ workers }, full) => {
    const [one, other] = two(workers);
    await one.kill();
    await sleep(300);
    await other.kill();
    if (full) {
      await other.restart();
      await sleep(200);
      await other.kill();
    }
    await Promise.all([one.restart(), other.restart()]);
    return { ready: await untilReady(workers) };
  },
};

/** Stands still until others have taken over what it held; what it still believes to hold is not its own any more. */
const still: Row = {
  component: "worker",
  fault: "SIGSTOP past its lease, CONT",
  crashes: 1,
  inject: async ({ workers }, full) => {
    const [one] = two(workers);
    one.program().signal("SIGSTOP");
    await sleep(full ? 8_000 : 5_000);
    one.program().signal("SIGCONT");
    return { ready: await untilReady(workers) };
  },
};

export const workerRows: readonly Row[] = [killed, still];
