import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Row } from "../endure.ts";
import { untilReady } from "../world.ts";

const SEALER = fileURLToPath(new URL("../../ledger/sealer-process.ts", import.meta.url));

/** Killed again and again after it took the waiting rows and before it wrote the entries. */
const killed: Row = {
  component: "sealer",
  fault: "kill -9 between delete and insert",
  inject: async ({ postgres, secrets }, full) => {
    const rounds = full ? 8 : 1;
    for (let round = 0; round < rounds; round++) {
      const sealer = fork(SEALER, [postgres.url, secrets.LEDGER_KEY, "hang"], { execArgv: ["--import", "tsx"] });
      const gone = once(sealer, "exit");
      let said: unknown;
      while (said !== "taken") [said] = await once(sealer, "message");
      sealer.kill("SIGKILL");
      await gone;
    }
    return { note: `${rounds} times` };
  },
};

/** Nobody seals, sends or works anything off, and people's taps are taken all the same. */
const stopped: Row = {
  component: "sealer",
  fault: "every worker stopped",
  crashes: 2,
  inject: async ({ workers, db }, full) => {
    for (const worker of workers) worker.program().signal("SIGSTOP");
    await sleep(full ? 600_000 : 2_000);
    const waiting = await db.inbound.count({ where: { state: "pending" } });
    for (const worker of workers) worker.program().signal("SIGCONT");
    return { ready: await untilReady(workers), note: `${waiting} taps waited` };
  },
};

export const sealerRows: readonly Row[] = [killed, stopped];
