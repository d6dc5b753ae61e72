import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { openLedger } from "../../../src/ledger/ledger.ts";
import { imported } from "../../ledger/sealed-world.ts";
import { startSealer } from "../../ledger/start-sealer.ts";
import type { Row } from "../endure.ts";
import { untilReady } from "../world.ts";

/** Killed again and again after it took the waiting rows and before it wrote the entries. */
const killed: Row = {
  component: "sealer",
  fault: "kill -9 between delete and insert",
  inject: async ({ postgres, secrets, db }, full) => {
    const rounds = full ? 8 : 1;
    const { entryBytes } = openLedger(secrets.LEDGER_KEY);
    // There is always something to take, also where the workers seal faster than this one starts.
    const feed = setInterval(() => {
      const body = Buffer.from(entryBytes({ ...imported(1), at: new Date() }));
      // Nothing is asked of the database before somebody waits for the answer.
      db.ledgerInbox.create({ data: { body } }).catch(() => {});
    }, 50);
    for (let round = 0; round < rounds; round++) {
      const sealer = await startSealer(postgres.url, secrets.LEDGER_KEY, "taken");
      const gone = once(sealer, "exit");
      sealer.kill("SIGKILL");
      await gone;
    }
    clearInterval(feed);
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
