// Imports files as a process of its own, as the command line does, and prints what it took as one line of JSON.
//   node --import tsx import-process.ts DATABASE_URL SECRET_KEY FILE…
import { randomBytes, randomUUID } from "node:crypto";
import { Pool } from "pg";
import type { PersonUid } from "../../src/domain/ids.ts";
import { openTables } from "../../src/files/open-tables.ts";
import { openKeys } from "../../src/keys/keys.ts";
import { entryBytes } from "../../src/ledger/entry-bytes.ts";
import { importRoster } from "../../src/services/import-roster.ts";
import { openPrisma } from "../../src/store/client.ts";
import { rosterStore } from "../../src/store/roster.ts";

const [, , url = "", key = "", ...files] = process.argv;
const MB = 1024 * 1024;

const pool = new Pool({ connectionString: url, max: 4 });
const parts = {
  openTables,
  roster: rosterStore(openPrisma(pool), entryBytes),
  keys: openKeys(key),
  clock: { now: () => new Date("2026-09-18T01:00:00Z"), real: () => new Date() },
  platforms: ["web"] as const,
  newUid: () => randomUUID() as string as PersonUid,
  newWebAddress: () => randomBytes(16).toString("base64url"),
};
const from = performance.now();
const phases: Record<string, number> = {};
let last = from;
let phase = "";
const result = await importRoster(parts, {
  files,
  dryRun: false,
  complete: [],
  progress: (now) => {
    if (now.phase === phase) return;
    if (phase) phases[phase] = Math.round(performance.now() - last);
    last = performance.now();
    phase = now.phase;
  },
});
phases[phase] = Math.round(performance.now() - last);
const peak = Math.round((process.resourceUsage().maxRSS * 1024) / MB);
const cpu = process.cpuUsage();
console.log(
  JSON.stringify({
    result: result.kind,
    seconds: (performance.now() - from) / 1000,
    cpu: (cpu.user + cpu.system) / 1e6,
    peak,
    phases,
  }),
);
await pool.end();
