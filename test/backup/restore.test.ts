import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Client, Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrate } from "../../src/database/migrate.ts";
import { openDatabase } from "../../src/database/open-database.ts";
import { takeSnapshot } from "../../src/database/snapshot.ts";
import { backupFiles } from "../../src/files/backup-files.ts";
import { openKeys } from "../../src/keys/keys.ts";
import { openLedger } from "../../src/ledger/ledger.ts";
import type { LedgerEvent } from "../../src/ports/ledger.ts";
import { backUp } from "../../src/services/back-up.ts";
import { seal } from "../../src/services/seal.ts";
import { openPrisma } from "../../src/store/client.ts";
import { keyStore } from "../../src/store/key-rows.ts";
import { ledgerStore } from "../../src/store/ledger-entries.ts";
import { AT, imported } from "../ledger/sealed-world.ts";
import { newKeys } from "../processes/keys.ts";
import { endPrograms, start } from "../processes/program.ts";
import { freshEmbedded, freshPostgres } from "../setup/database.ts";
import { testLog } from "../setup/log.ts";
import { configOf, folder, openPlace, restoreIn } from "./place.ts";

/** The schema as it was before messages could be held. */
const OLDER = ["20261123100000_init", "20261123100100_guards"];
const PEOPLE = 2_100;
const clock = { now: () => AT, real: () => new Date() };

let shelf: ReturnType<typeof folder>;
let old: Awaited<ReturnType<typeof freshPostgres>>;
let target: Awaited<ReturnType<typeof freshPostgres>>;
const keys = newKeys();
const [secret, ledger] = [openKeys(keys.SECRET_KEY), openLedger(keys.LEDGER_KEY)];

const ask = async <Row>(url: string, sql: string): Promise<Row[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
};
const restored = (more: Readonly<Record<string, string>> = {}, file = shelf.at("older.tar.gz")) =>
  restoreIn(configOf({ DATABASE_URL: target.url, ...keys, ...more }), file);

/** Values that do not survive a careless copy. */
const fill = `
  INSERT INTO setting VALUES ('key-probe', '${secret.probe()}'), ('ledger-probe', '${ledger.publicKey}'), ('demo-clock', '2020');
  INSERT INTO unit (id, code, name, kind, lft, rgt, depth) VALUES (9007199254740993, 'C', E'县\\\\N"\\n{}', 'authority', 1, 4, 0);
  INSERT INTO unit (id, code, name, kind, parent_id, industries, site_types, lft, rgt, depth)
    VALUES (7, 'E', '', 'enterprise', 9007199254740993, '{"a,b","NULL","\\"q\\"",""}', '{}', 2, 3, 1);
  INSERT INTO person (uid, name_cell, name_index)
    SELECT 'p' || n, sha256(n::text::bytea), '\\x00ff5c22' FROM generate_series(1, ${PEOPLE}) n;
  INSERT INTO account (person_id, platform, address_cell, address_index)
    SELECT id, 'telegram', '\\x', uid::bytea FROM person;
  INSERT INTO notice (number, issuer_id, urgency, ack, closing, audience, reminders, content_hash, locale, seconds, published_at)
    VALUES ('甲〔2026〕1号', 7, 'flash', 'read', 'each-unit', 'all', '["-4h", 12345678901234567890.5, null]', 'h', 'zh-CN', 20,
            '2026-03-29 01:59:59.987+00');
  INSERT INTO notice_text SELECT id, 'zh-CN', '题', repeat('文', 1000), 'h' FROM notice;
  INSERT INTO delivery (notice_id, person_id, kind, unit_id, account_id, platform, lane, state, at, lease_id, lease_until, sent_at, ref)
    SELECT n.id, a.person_id, 'notice', 7, a.id, a.platform, 0,
           CASE a.person_id % 3 WHEN 0 THEN 'pending' WHEN 1 THEN 'sending' ELSE 'sent' END, n.published_at, 'l', n.published_at,
           CASE WHEN a.person_id % 3 = 2 THEN n.published_at END, 'r' FROM account a, notice n;
  INSERT INTO web_link VALUES ('\\x01', 1, '2099-01-01');`;

const published: LedgerEvent = {
  kind: "published",
  at: AT,
  actor: "operator",
  subject: { notice: "甲〔2026〕1号", obligations: "0", recipients: String(PEOPLE), set: "00" },
  contentHash: "h",
  how: "command",
};
const bodyOf = (event: LedgerEvent) => ({ body: Buffer.from(ledger.entryBytes(event)) });

const makeOlder = async (url: string): Promise<void> => {
  const only = shelf.at("migrations");
  mkdirSync(only);
  for (const name of OLDER) cpSync(join("prisma/migrations", name), join(only, name), { recursive: true });
  const pool = new Pool({ connectionString: url });
  await pool.query("DROP SCHEMA public CASCADE; DROP SCHEMA bullmq CASCADE; CREATE SCHEMA public");
  expect(await migrate(pool, testLog(), pathToFileURL(`${only}/`))).toEqual(OLDER);
  await pool.query(fill);
  await pool.end();
};

const writeBackup = async (url: string, name: string) => {
  const database = await openDatabase({ url, dataDir: "", log: testLog(), onDeath: () => {} });
  const db = openPrisma(database.pool);
  const stores = { keyStore: keyStore(db), ledgerStore: ledgerStore(db) };
  await db.ledgerInbox.createMany({ data: [published, imported(2), imported(3)].map(bodyOf) });
  await seal({ ...stores, ledger, clock });
  const parts = { ...stores, files: backupFiles, keys: secret, ledger, clock, version: "0.0.9" };
  const done = await backUp(
    { ...parts, takeSnapshot: takeSnapshot(database) },
    { file: shelf.at(name), force: false, progress: () => {} },
  );
  expect(done.kind).toBe("written");
  await db.$disconnect();
  await database.close();
};

beforeAll(async () => {
  shelf = folder();
  old = await freshPostgres();
  target = await freshPostgres();
  await makeOlder(old.url);
  await writeBackup(old.url, "older.tar.gz");
});
afterAll(async () => {
  await endPrograms();
  await old.drop();
  await target.drop();
  shelf.remove();
});

const nothing = async (): Promise<void> => {
  const rows = await ask<{ n: string }>(
    target.url,
    `SELECT (SELECT count(*) FROM unit) + (SELECT count(*) FROM person) + (SELECT count(*) FROM ledger_entry) AS n`,
  );
  expect(rows).toEqual([{ n: "0" }]);
};

describe("a restore that cannot be", () => {
  it("with another key writes nothing and names the variable", async () => {
    const other = newKeys();
    expect((await restored({ SECRET_KEY: other.SECRET_KEY })).err).toMatch(/^SECRET_KEY is not the key/);
    expect((await restored({ LEDGER_KEY: other.LEDGER_KEY })).err).toMatch(/^LEDGER_KEY is not the key/);
    await nothing();
  });

  it("while another process of ours is connected waits for no one and writes nothing", async () => {
    const service = new Client({ connectionString: target.url, application_name: "chuanda-queue" });
    await service.connect();
    expect((await restored()).err).toMatch(/^Another process of Chuanda is connected/);
    await service.end();
    await nothing();
  });

  it("by a role that does not own the tables says so and changes nothing", async () => {
    const role = `${new URL(target.url).pathname.slice(1)}_worker`;
    await ask(
      target.url,
      `CREATE ROLE ${role} LOGIN PASSWORD 'w'; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role}`,
    );
    const url = new URL(target.url);
    [url.username, url.password] = [role, "w"];
    expect((await restored({ DATABASE_URL: url.href })).err).toMatch(
      /^A restore builds the tables anew, .*does not own them/,
    );
    await nothing();
    await ask(target.url, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });

  it("into somebody else's tables leaves them alone", async () => {
    const name = `${new URL(target.url).pathname.slice(1)}_foreign`;
    await ask(target.url, `CREATE DATABASE ${name}`);
    const url = new URL(target.url);
    url.pathname = name;
    await ask(url.href, "CREATE TABLE cats (name text)");
    expect((await restored({ DATABASE_URL: url.href })).err).toMatch(/holds data already \(cats 0\)/);
    expect(await ask(url.href, "SELECT * FROM cats")).toEqual([]);
    await ask(target.url, `DROP DATABASE ${name} WITH (FORCE)`);
  });

  it("that is killed in the middle leaves it empty, and goes through the next time", async () => {
    const killed = start(["restore", shelf.at("older.tar.gz")], { DATABASE_URL: target.url, ...keys });
    const loading = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'INSERT INTO public.%'`;
    const client = new Client({ connectionString: target.url });
    await client.connect();
    let over = false;
    void killed.ended.then(() => {
      over = true;
    });
    while (!over && (await client.query(loading)).rowCount === 0);
    killed.signal("SIGKILL");
    expect((await killed.ended).out).toBe("");
    // The server notices that its client is gone and undoes what it had begun.
    const left = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'chuanda%'`;
    await expect.poll(async () => (await client.query(left)).rows[0].n, { timeout: 30_000 }).toBe(0);
    await client.end();
    await nothing();
  }, 180_000);
});

describe("a backup of an older release", () => {
  it("is loaded into the schema of its time and brought forward, value by value", async () => {
    const done = await restored();
    expect(done, done.err).toMatchObject({ code: 0, err: "" });
    const columns = "notice_id, person_id, kind, slot, unit_id, account_id, platform, lane, at, ref, sent_at, repeats";
    for (const what of [
      "SELECT * FROM unit ORDER BY id",
      "SELECT id, uid, locale, large_type, name_cell, name_index, phone_cell, phone_index FROM person ORDER BY id",
      "SELECT * FROM account ORDER BY id",
      "SELECT id, number, issuer_id, urgency, ack, closing, due_at, state, version, content_hash, published_at, reminders::text AS words FROM notice",
      "SELECT * FROM notice_text",
      `SELECT ${columns} FROM delivery ORDER BY id`,
      "SELECT * FROM ledger_entry WHERE seq < 3 ORDER BY seq",
      "SELECT * FROM ledger_head WHERE size <= 3 ORDER BY size",
    ])
      expect(await ask(target.url, what), what).toEqual(await ask(old.url, what));
    expect(await ask(target.url, "SELECT key FROM setting ORDER BY key")).toEqual([
      { key: "key-probe" },
      { key: "ledger-probe" },
    ]);
    expect(await ask(target.url, "SELECT * FROM web_link")).toEqual([]);
  });

  it("has everything unsent held, urgent or not, and no claim of a process that is gone", async () => {
    const states = `SELECT state, count(*)::int AS n, count(held_at)::int AS held, count(lease_id)::int AS leased
                    FROM delivery GROUP BY state ORDER BY state`;
    expect(await ask(target.url, states)).toEqual([
      { state: "in-doubt", n: (PEOPLE / 3) * 2, held: (PEOPLE / 3) * 2, leased: 0 },
      { state: "sent", n: PEOPLE / 3, held: 0, leased: 0 },
    ]);
  });

  it("has the schema of this build, ties and triggers and all, and numbers that nobody has seen", async () => {
    const fresh = await freshPostgres();
    for (const what of [
      "SELECT conname, conrelid::regclass::text AS t, pg_get_constraintdef(oid) AS d, convalidated FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
      "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
      "SELECT tgname, tgrelid::regclass::text AS t FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
      "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2",
      "SELECT migration_name, checksum FROM _prisma_migrations ORDER BY 1",
      "SELECT pg_get_viewdef('coverage_fact') AS v",
      "SELECT count(*)::int AS n FROM information_schema.tables WHERE table_schema = 'bullmq'",
    ])
      expect(await ask(target.url, what), what).toEqual(await ask(fresh.url, what));
    await fresh.drop();
    const next = await ask<{ next: string }>(target.url, "SELECT nextval('delivery_id_seq')::text AS next");
    expect(BigInt(next[0]?.next ?? 0)).toBe(1_000_000_001n + BigInt(PEOPLE));
  });

  it("is sent by no sweep, and marked as a repeat when an operator lets it go; what has ended is given up", async () => {
    const place = await openPlace(configOf({ DATABASE_URL: target.url, ...keys }));
    const { deliveries } = place.installation.stores;
    const later = new Date(Date.now() + 86_400_000);
    const swept = await deliveries.sweep(["telegram"], { now: later, real: later });
    expect(swept).toMatchObject({ returned: 0, doubted: 0, repeated: 0 });
    const command = { command: "held", number: null, json: true } as const;
    const some = "SELECT id FROM delivery WHERE held_at IS NOT NULL ORDER BY id LIMIT 10";
    await ask(
      target.url,
      `UPDATE delivery SET notice_id = NULL, kind = 'reply', slot = id::text WHERE id IN (${some})`,
    );
    await ask(target.url, "UPDATE notice SET state = 'recalled'");
    const done = await place.command({ ...command, deed: "release" });
    expect(JSON.parse(done.out)).toEqual({ released: 10, dropped: (PEOPLE / 3) * 2 - 10 });
    const states = `SELECT state, repeats, count(*)::int AS n FROM delivery WHERE state <> 'sent' GROUP BY 1, 2 ORDER BY 1`;
    expect(await ask(target.url, states)).toEqual([
      { state: "pending", repeats: 1, n: 10 },
      { state: "refused", repeats: 0, n: (PEOPLE / 3) * 2 - 10 },
    ]);
    await place.close();
  });

  it("whose ledger was tampered with is not restored", async () => {
    await ask(
      old.url,
      "ALTER TABLE ledger_entry DISABLE TRIGGER USER; UPDATE ledger_entry SET body = '{}' WHERE seq = 1",
    );
    await writeBackup(old.url, "tampered.tar.gz");
    const fresh = await freshPostgres();
    const done = await restored({ DATABASE_URL: fresh.url }, shelf.at("tampered.tar.gz"));
    expect(done).toMatchObject({ code: 1, out: "" });
    expect(done.err).toMatch(/^Nothing was restored.*Entry 1 is the first that is wrong/);
    expect(await ask(fresh.url, "SELECT * FROM unit")).toEqual([]);
    await fresh.drop();
  });
});

describe("an embedded database", () => {
  it("is empty after a restore that was killed in the middle, and takes the next one", async () => {
    const { database, dataDir } = await freshEmbedded();
    await database.close();
    writeFileSync(join(dataDir, "secret.key"), keys.SECRET_KEY, { mode: 0o600 });
    writeFileSync(join(dataDir, "ledger.key"), keys.LEDGER_KEY, { mode: 0o600 });
    const killed = start(["restore", shelf.at("older.tar.gz")], { DATA_DIR: dataDir });
    const tables = join(dataDir, "postgres/cluster/base/5");
    const files = () => readdirSync(tables).length;
    const before = files();
    // The tables of the schema are files that come into being within the transaction.
    while (files() < before + 40) await new Promise((resolve) => setTimeout(resolve, 1));
    killed.signal("SIGKILL");
    expect((await killed.ended).out).toBe("");
    const done = await restoreIn(configOf({ DATA_DIR: dataDir }), shelf.at("older.tar.gz"), true);
    expect(done, done.err).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(done.out)).toMatchObject({ held: (PEOPLE / 3) * 2, rows: { person: PEOPLE } });
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }, 240_000);
});
