import { bench, describe } from "vitest";
import type { NoticeDraft } from "../../src/domain/notice.ts";
import { entryBytes } from "../../src/ledger/entry-bytes.ts";
import type { LedgerEvent } from "../../src/ports/ledger.ts";
import type { Publication, Published } from "../../src/ports/store/notice-store.ts";
import type { Db } from "../../src/store/client.ts";
import { noticeStore } from "../../src/store/notices.ts";
import { overPostgres } from "../scripted/open.ts";
import { freshPostgres } from "../setup/database.ts";

const RECIPIENTS = 100_000;
const TOWNS = 100;
const ROUNDS = 5;
const AT = new Date("2026-09-18T01:00:00Z");

const draft: NoticeDraft = {
  number: "某安委办〔2026〕17号",
  issuerCode: "county",
  urgency: "priority",
  ack: "undertake",
  due: null,
  audience: "kind enterprise",
  closing: { kind: "each-unit" },
  reminders: [],
  texts: [{ locale: "zh-CN", title: "防范", body: "请您查一遍通道。", hash: "0".repeat(64) }],
  contentHash: "0".repeat(64),
};
const publication: Publication = {
  draft,
  audience: { kind: "kind", value: "enterprise" },
  dueAt: null,
  seconds: 30,
  at: AT,
  platforms: ["web"],
};
const event = (made: Published): LedgerEvent => ({
  kind: "published",
  at: AT,
  actor: "operator",
  contentHash: draft.contentHash,
  how: "command",
  subject: {
    notice: draft.number,
    obligations: String(made.obligations),
    recipients: String(made.recipients),
    set: made.recipientSet,
  },
});

/** A county with a hundred towns and a thousand enterprises in each, every one with a principal and a web account. */
const fill = async (db: Db): Promise<void> => {
  const each = RECIPIENTS / TOWNS;
  const edges = 2 * each + 2;
  await db.$executeRaw`
    INSERT INTO "unit" ("id", "code", "name", "kind", "industries", "site_types", "lft", "rgt", "depth")
    VALUES (1, 'county', 'county', 'authority', '{}', '{}', 1, ${2 + TOWNS * edges}::int, 0)`;
  await db.$executeRaw`
    INSERT INTO "unit" ("id", "code", "name", "kind", "parent_id", "industries", "site_types", "lft", "rgt", "depth")
    SELECT 1 + t, 'town' || t, 'town' || t, 'authority', 1, '{}', '{}', 2 + (t - 1) * ${edges}::int, 1 + t * ${edges}::int, 1
    FROM generate_series(1, ${TOWNS}::int) t`;
  await db.$executeRaw`
    INSERT INTO "unit" ("id", "code", "name", "kind", "parent_id", "industries", "site_types", "lft", "rgt", "depth")
    SELECT 1000 + n, 'firm' || n, 'firm' || n, 'enterprise', 2 + (n - 1) / ${each}::int, '{other}', '{}',
           3 + ((n - 1) / ${each}::int) * ${edges}::int + 2 * ((n - 1) % ${each}::int),
           4 + ((n - 1) / ${each}::int) * ${edges}::int + 2 * ((n - 1) % ${each}::int), 2
    FROM generate_series(1, ${RECIPIENTS}::int) n`;
  await db.$executeRaw`
    INSERT INTO "person" ("id", "uid", "name_cell", "name_index")
    SELECT n, gen_random_uuid()::text, sha256(n::text::bytea), sha256(n::text::bytea) FROM generate_series(1, ${RECIPIENTS}::int) n`;
  await db.$executeRaw`
    INSERT INTO "account" ("person_id", "platform", "address_cell", "address_index")
    SELECT n, 'web', sha256(n::text::bytea), sha256(n::text::bytea) FROM generate_series(1, ${RECIPIENTS}::int) n`;
  await db.$executeRaw`
    INSERT INTO "post" ("unit_id", "person_id", "post") SELECT 1000 + n, n, 'principal' FROM generate_series(1, ${RECIPIENTS}::int) n`;
  for (const table of ["unit", "person", "account", "post"]) await db.$executeRawUnsafe(`VACUUM ANALYZE "${table}"`);
};

const COLUMNS = {
  obligation: ["unit_id", "person_id", "needed", "due_at", "state", "excuse"],
  delivery: ["person_id", "kind", "unit_id", "account_id", "platform", "lane", "state", "why", "at"],
} as const;

const quoted = (columns: readonly string[]): string => columns.map((column) => `"${column}"`).join(", ");

const empty = (db: Db) => db.$executeRaw`TRUNCATE "notice", "ledger_inbox" RESTART IDENTITY CASCADE`;

/** Keeps the rows that a publication wrote. */
const keep = async (db: Db): Promise<void> => {
  for (const [table, columns] of Object.entries(COLUMNS)) {
    await db.$executeRawUnsafe(`CREATE UNLOGGED TABLE "kept_${table}" AS SELECT ${quoted(columns)} FROM "${table}"`);
    await db.$executeRawUnsafe(`VACUUM ANALYZE "kept_${table}"`);
  }
};

/** Writes the kept rows into the same two tables, and nothing else. */
const writeBare = async (db: Db): Promise<void> => {
  await db.$transaction(async (tx) => {
    for (const [table, columns] of Object.entries(COLUMNS))
      await tx.$executeRawUnsafe(
        `INSERT INTO "${table}" ("notice_id", ${quoted(columns)}) SELECT 1, ${quoted(columns)} FROM "kept_${table}"`,
      );
  });
};

/** A notice for the bare rows to belong to; not part of what is measured. */
const bareNotice = (db: Db) => db.$executeRaw`
  INSERT INTO "notice" ("id", "number", "issuer_id", "urgency", "ack", "closing", "audience", "reminders", "content_hash",
                        "locale", "seconds", "published_at")
  VALUES (1, 'bare', 1, 'priority', 'undertake', 'each-unit', 'all', '[]', '', 'zh-CN', 30, ${AT}::timestamptz)`;

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const from = performance.now();
  await work();
  return performance.now() - from;
};

const median = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

describe(`publishing to ${RECIPIENTS} people`, () => {
  let db: Db;
  let close: () => Promise<void>;
  let isMeasured = false;
  const times = { publish: [] as number[], bare: [] as number[] };

  const publish = async (): Promise<void> => {
    const made = await noticeStore(db, entryBytes).publish(publication, event);
    if (typeof made === "string" || made.recipients !== RECIPIENTS || made.obligations !== RECIPIENTS)
      throw new Error(JSON.stringify(made));
  };

  const open = async (): Promise<void> => {
    ({ db, close } = await overPostgres(await freshPostgres()));
    await fill(db);
    await publish();
    await keep(db);
  };

  const tell = async (): Promise<void> => {
    const [ours, bare] = [median(times.publish), median(times.bare)];
    const medians = `publish ${Math.round(ours)} ms, bare insert ${Math.round(bare)} ms`;
    console.log(`${medians} (medians of ${times.publish.length}): ratio ${(ours / bare).toFixed(2)}, at most 2`);
    await close();
  };

  bench(
    "publish and a bare insert of the same rows, in turns",
    async () => {
      // The measuring library warms up even when it is told not to.
      if (!isMeasured) return;
      await empty(db);
      times.publish.push(await timed(publish));
      await empty(db);
      await bareNotice(db);
      times.bare.push(await timed(() => writeBare(db)));
    },
    {
      iterations: ROUNDS,
      time: 0,
      warmupIterations: 0,
      warmupTime: 0,
      setup: async (_, mode) => {
        isMeasured = mode === "run";
        if (isMeasured) await open();
      },
      teardown: async (_, mode) => {
        if (mode === "run") await tell();
      },
    },
  );
});
