// Imports files as a process of its own, as the command line does, and prints what it took as one line of JSON.
//   node --import tsx import-process.ts DATABASE_URL SECRET_KEY FILE…
import { randomBytes, randomUUID } from "node:crypto";
import { Pool } from "pg";
import type { PersonUid } from "../../src/domain/ids.ts";
import { openTables } from "../../src/files/open-tables.ts";
import { openKeys } from "../../src/keys/keys.ts";
import { withLeanHeap } from "../../src/lean-heap.ts";
import { entryBytes } from "../../src/ledger/entry-bytes.ts";
import { importRoster } from "../../src/services/import-roster.ts";
import { openPrisma } from "../../src/store/client.ts";
import { rosterStore } from "../../src/store/roster.ts";

const [, , url = "", key = "", ...files] = process.argv;

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
const phases: Record<string, number> = {};
let last = { phase: "opening", at: performance.now() };
const enter = (phase: string): void => {
  if (phase === last.phase) return;
  phases[last.phase] = Math.round(performance.now() - last.at);
  last = { phase, at: performance.now() };
};
const from = performance.now();
const result = await withLeanHeap(() =>
  importRoster(parts, { files, dryRun: false, complete: [], progress: ({ phase }) => enter(phase) }),
);
enter("done");
const { user, system } = process.cpuUsage();
const took = { seconds: (performance.now() - from) / 1000, cpu: (user + system) / 1e6 };
const rss = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(JSON.stringify({ kind: result.kind, ...took, rss, phases }));
await pool.end();
