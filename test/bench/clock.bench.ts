import { calendarsOf, NO_OVERRIDES } from "../../src/calendar/calendars.ts";
import { openDatabase } from "../../src/database/open-database.ts";
import { parseMarkdown } from "../../src/files/markdown.ts";
import { openKeys } from "../../src/keys/keys.ts";
import { entryBytes } from "../../src/ledger/entry-bytes.ts";
import { wording } from "../../src/locale/wording.ts";
import { chaseDue } from "../../src/services/chase.ts";
import { type Db, openPrisma } from "../../src/store/client.ts";
import { openStores } from "../../src/store/stores.ts";
import { rootKey } from "../keys/root-key.ts";
import { freshPostgres } from "../setup/database.ts";
import { testLog } from "../setup/log.ts";
import { type Asked, type Bench, median, type Row, timed } from "./bench.ts";

/** A Tuesday at ten. */
const NOW = new Date("2026-09-22T10:00+08:00");
const UNITS = 10_000;
/** Notices of which a rung is due. */
const DUE = 10;

/** Units with a person each, who was sent every notice and owes an answer to each. */
const fill = async (db: Db, notices: number): Promise<void> => {
  const run = (sql: string) => db.$executeRawUnsafe(sql);
  const due = (n: string) =>
    `CASE WHEN ${n} <= ${DUE} THEN timestamptz '2026-09-22T01:59Z' ELSE timestamptz '2026-10-20T01:59Z' + ${n} * interval '1 minute' END`;
  await run(
    `INSERT INTO "unit" ("code", "name", "kind", "lft", "rgt", "depth") VALUES ('0', '县', 'authority', 1, ${UNITS * 2 + 2}, 0)`,
  );
  await run(`INSERT INTO "unit" ("code", "name", "kind", "parent_id", "lft", "rgt", "depth")
    SELECT n::text, n::text, 'enterprise', (SELECT "id" FROM "unit"), n * 2, n * 2 + 1, 1 FROM generate_series(1, ${UNITS}) n`);
  await run(
    `INSERT INTO "person" ("uid", "name_cell", "name_index") SELECT n::text, '\\x00', '\\x00' FROM generate_series(1, ${UNITS}) n`,
  );
  await run(`INSERT INTO "account" ("person_id", "platform", "address_cell", "address_index")
    SELECT "id", 'web', '\\x00', int8send("id") FROM "person"`);
  await run(`INSERT INTO "notice" ("number", "issuer_id", "urgency", "ack", "closing", "audience", "due_rule", "due_at", "reminders", "content_hash", "locale", "seconds", "published_at")
    SELECT '某办〔2026〕' || n || '号', (SELECT min("id") FROM "unit"), 'priority', 'read', 'each-unit', 'all', '9wd', timestamptz '2026-11-20T09:30Z', '[]', 'h', 'zh-CN', 30, timestamptz '2026-09-01T01:00Z'
    FROM generate_series(1, ${notices}) n`);
  await run(
    `INSERT INTO "plan" ("notice_id", "lft", "rgt", "due_at", "provisional") SELECT "id", 0, 2147483647, "due_at", FALSE FROM "notice" ORDER BY "id"`,
  );
  await run(
    `INSERT INTO "plan_step" SELECT "id", s, ${due('"id"')} + s * interval '1 day', ARRAY['remind'], FALSE FROM "plan", generate_series(0, 1) s`,
  );
  await run(`INSERT INTO "obligation" ("notice_id", "unit_id", "due_at", "plan_id", "next_at")
    SELECT p."notice_id", u."id", p."due_at", p."id", ${due('p."id"')} FROM "plan" p, "unit" u WHERE u."depth" = 1`);
  await run(
    `INSERT INTO "asked" SELECT o."id", p."id", 'principal', FALSE FROM "obligation" o JOIN "unit" u ON u."id" = o."unit_id" JOIN "person" p ON p."uid" = u."code"`,
  );
  await run(`INSERT INTO "delivery" ("notice_id", "person_id", "kind", "unit_id", "account_id", "platform", "lane", "state", "at", "sent_at", "ref", "drawn_rev")
    SELECT o."notice_id", k."person_id", 'notice', o."unit_id", a."id", 'web', 2, 'sent', timestamptz '2026-09-01T01:00Z', timestamptz '2026-09-01T01:00Z', 'm', 1
    FROM "obligation" o JOIN "asked" k ON k."obligation_id" = o."id" JOIN "account" a ON a."person_id" = k."person_id"`);
  // What a digest has done today it does not do again.
  await run(`INSERT INTO "clock_turn" VALUES ('digest 0 2026-09-22', timestamptz '2026-09-22T01:30Z')`);
  await run(`INSERT INTO "clock_turn" SELECT 'unreached ' || "id", timestamptz '2026-09-01T01:05Z' FROM "notice"`);
  await run("VACUUM ANALYZE");
};

const measure = async (db: Db, obligations: number): Promise<Row> => {
  await fill(db, obligations / UNITS);
  const stores = openStores(db, {
    keys: openKeys(rootKey(1)),
    entryBytes,
    parse: parseMarkdown,
    wording,
    locale: "zh-CN",
  });
  const calendars = async () => calendarsOf(NO_OVERRIDES, "Asia/Shanghai");
  const at = (now: Date) => () =>
    chaseDue({
      chase: stores.chase,
      calendars,
      platforms: ["web"],
      queue: { hint: async () => {} },
      clock: { now: () => now },
      log: testLog(),
    });
  const before = new Date(NOW.getTime() - 60 * 60_000);
  const quiet: number[] = [];
  for (let look = 0; look < 9; look++) quiet.push(await timed(at(before)));
  const wake = await timed(() => stores.chase.coming(before, NOW));
  let rungs = 0;
  const took = await timed(async () => {
    ({ rungs } = await at(NOW)());
  });
  if (rungs !== DUE * UNITS) throw new Error(`${rungs} rungs`);
  const audit = await timed(() => stores.chase.audit(NOW));
  return {
    "open obligations": obligations,
    "quiet look, ms": Math.round(median(quiet) * 10) / 10,
    "next moments, ms": Math.round(wake * 10) / 10,
    "rungs due": rungs,
    "decided and told, rungs/s": Math.round(rungs / (took / 1_000)),
    "audit, ms": Math.round(audit),
  };
};

export const bench: Bench = {
  shows:
    "Open obligations with a ladder, of which 100,000 rungs fall due together: each is decided, and a message is written for each, two a day to a person and the rest for the digest. A quiet look finds nothing due.",
  async run({ atMost, say }: Asked) {
    const rows: Row[] = [];
    for (const obligations of [200_000, 1_000_000].filter((size) => size <= atMost)) {
      say(`${obligations.toLocaleString("en")} obligations`);
      const { url, drop } = await freshPostgres();
      const database = await openDatabase({ url, dataDir: "", log: testLog(), onDeath: () => {} });
      const db = openPrisma(database.pool);
      try {
        rows.push(await measure(db, obligations));
      } finally {
        await db.$disconnect();
        await database.close();
        await drop();
      }
    }
    return rows;
  },
};
