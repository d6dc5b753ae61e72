// Seals without pause, as a process of its own, until it is killed.
//   node --import tsx sealer-process.ts DATABASE_URL LEDGER_KEY [hang]
// With "hang" it stops for ever inside the transaction, after the waiting rows were taken and before anything is written.
import { writeSync } from "node:fs";
import { Pool } from "pg";
import { openLedger } from "../../src/ledger/ledger.ts";
import type { Ledger } from "../../src/ports/ledger.ts";
import { seal } from "../../src/services/seal.ts";
import { openPrisma } from "../../src/store/client.ts";
import { ledgerStore } from "../../src/store/ledger-entries.ts";

const [, , url = "", key = "", hang] = process.argv;
const ledger = openLedger(key);
/** Written at once: a message to the parent may wait for a turn of the loop, which never comes. */
const say = (word: string): void => void writeSync(1, `${word}\n`);
const sealAndHang: Ledger["seal"] = (last, waiting) => {
  const batch = ledger.seal(last, waiting);
  say("taken");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  return batch;
};
const parts = {
  ledgerStore: ledgerStore(openPrisma(new Pool({ connectionString: url }))),
  ledger: hang ? { ...ledger, seal: sealAndHang } : ledger,
  clock: { now: () => new Date(), real: () => new Date() },
};
say("ready");
for (;;) await seal(parts);
