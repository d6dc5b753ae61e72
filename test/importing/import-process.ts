// Imports files as a process of its own, and stops for ever at one point, to be killed there.
//   node --import tsx import-process.ts DATABASE_URL SECRET_KEY AHEAD staged|applying FILE…
// AHEAD: milliseconds by which its clock is ahead. "staged": some rows are put aside. "applying": inside the transaction, after everything is written.
import { randomUUID } from "node:crypto";
import { Pool } from "pg";
import type { PersonUid } from "../../src/domain/ids.ts";
import { openTables } from "../../src/files/open-tables.ts";
import { openKeys } from "../../src/keys/keys.ts";
import { entryBytes } from "../../src/ledger/entry-bytes.ts";
import type { EntryBytes } from "../../src/ports/ledger.ts";
import { importRoster } from "../../src/services/import-roster.ts";
import { openPrisma } from "../../src/store/client.ts";
import { rosterStore } from "../../src/store/roster.ts";

const [, , url = "", key = "", ahead = "0", point, ...files] = process.argv;

const hang = (): void => {
  process.send?.("here");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};
const hangingBytes: EntryBytes = (event) => {
  if (point === "applying") hang();
  return entryBytes(event);
};
const store = rosterStore(openPrisma(new Pool({ connectionString: url })), hangingBytes);
const roster: typeof store = {
  ...store,
  stage: async (...given) => {
    const staged = await store.stage(...given);
    if (point === "staged") hang();
    return staged;
  },
};
const parts = {
  openTables,
  roster,
  keys: openKeys(key),
  clock: { now: () => new Date(), real: () => new Date(Date.now() + Number(ahead)) },
  platforms: ["web"] as const,
  newUid: () => randomUUID() as string as PersonUid,
  newWebAddress: () => randomUUID(),
};
await importRoster(parts, { files, dryRun: false, complete: [], progress: () => {} });
