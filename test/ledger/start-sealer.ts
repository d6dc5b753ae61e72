import { type ChildProcess, fork } from "node:child_process";
import { compiled } from "../setup/ask.ts";

const PROGRAM = await compiled("test/ledger/sealer-process.ts");

/**
 * A sealer in a process of its own, once it says the word: "taken" when it hangs with the rows it took. Rejects when it
 * ends before that.
 */
export const startSealer = (url: string, key: string, word: "ready" | "taken"): Promise<ChildProcess> =>
  new Promise((resolve, reject) => {
    const args = [url, key, ...(word === "taken" ? ["hang"] : [])];
    const sealer = fork(PROGRAM, args, { execArgv: [], stdio: ["ignore", "pipe", "inherit", "ipc"] });
    const late = setTimeout(() => sealer.kill("SIGKILL"), 60_000);
    let said = "";
    sealer.stdout?.setEncoding("utf8").on("data", (text) => {
      said += text;
      if (!said.split("\n").includes(word)) return;
      clearTimeout(late);
      resolve(sealer);
    });
    sealer.once("exit", (code, signal) => {
      clearTimeout(late);
      reject(new Error(`the sealer ended with ${code ?? signal} and has said only: ${said}`));
    });
  });
