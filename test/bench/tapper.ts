import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

export interface Tapper {
  /** Milliseconds that each tap took, of a tap every 50 ms while the work goes on, and at least so many taps. */
  during(work: () => Promise<unknown>, atLeast: number): Promise<readonly number[]>;
  stop(): void;
}

const answer = async (child: ChildProcess): Promise<unknown> => (await once(child, "message"))[0];

/** A process of its own in which people of this database answer a notice and take it back, over and over. */
export const startTapper = async (url: string): Promise<Tapper> => {
  const child = fork(new URL("./tapper-process.ts", import.meta.url), [url], { execArgv: ["--import", "tsx"] });
  await answer(child);
  return {
    during: async (work, atLeast) => {
      child.send("begin");
      await work();
      child.send({ end: atLeast });
      return (await answer(child)) as readonly number[];
    },
    stop: () => child.disconnect(),
  };
};
