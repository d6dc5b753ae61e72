import { type ChildProcess, fork } from "node:child_process";
import { compiled } from "../setup/ask.ts";

const PROGRAM = await compiled("test/ledger/sealer-process.ts");

/**
 * A sealer in a process of its own, once it says the word: "taken" when it hangs with the rows it took. Rejects when it
 * ends before that.
 */
export const startSealer = (url: string, key: string, word: "ready" | "taken"): Promise<ChildProcess> =>
  new Promise((resolve, reject) => {
    const sealer = fork(PROGRAM, [url, key, ...(word === "taken" ? ["hang"] : [])], { execArgv: [] });
    setTimeout(() => reject(new Error(`the sealer has not said ${word} within a minute`)), 60_000).unref();
    // Both words may come at once, so that a listener for one of them at a time would miss the other.
    sealer.on("message", (said) => said === word && resolve(sealer));
    sealer.once("exit", (code, signal) =>
      reject(new Error(`the sealer ended with ${code ?? signal} before it said ${word}`)),
    );
  });
