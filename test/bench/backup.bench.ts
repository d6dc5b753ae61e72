import { generateKeyPairSync } from "node:crypto";
import { statSync } from "node:fs";
import { openKeys } from "../../src/keys/keys.ts";
import { openLedger } from "../../src/ledger/ledger.ts";
import type { Db } from "../../src/store/client.ts";
import { folder } from "../backup/place.ts";
import { type Ended, type Environment, run } from "../processes/program.ts";
import { overPostgres } from "../scripted/open.ts";
import { freshPostgres } from "../setup/database.ts";
import type { Bench, Row } from "./bench.ts";

const PEOPLE = 100_000;
const KEYS = {
  SECRET_KEY: Buffer.alloc(32, 7).toString("base64"),
  LEDGER_KEY: generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "der" }).toString("base64"),
};

/** People with cells as large as real ones, each with a message, half of them unsent; nothing that the ledger would tell of. */
const fill = async (db: Db): Promise<void> => {
  await db.$executeRaw`
    INSERT INTO "setting" VALUES ('key-probe', ${openKeys(KEYS.SECRET_KEY).probe()}),
                                 ('ledger-probe', ${openLedger(KEYS.LEDGER_KEY).publicKey})`;
  await db.$executeRaw`
    INSERT INTO "unit" ("code", "name", "kind", "lft", "rgt", "depth") VALUES ('C', '县', 'authority', 1, 2, 0)`;
  await db.$executeRaw`
    INSERT INTO "person" ("id", "uid", "name_cell", "name_index", "phone_cell", "phone_index")
    SELECT n, gen_random_uuid()::text, sha256(n::text::bytea) || decode('000102', 'hex'), substring(sha256(n::text::bytea) FOR 16),
           sha256(('p' || n)::bytea) || decode('00010203', 'hex'), substring(sha256(('q' || n)::bytea) FOR 16)
    FROM generate_series(1, ${PEOPLE}::int) n`;
  await db.$executeRaw`
    INSERT INTO "person_key" SELECT "id", sha256(("id")::text::bytea) || sha256("uid"::bytea) FROM "person"`;
  await db.$executeRaw`
    INSERT INTO "account" ("id", "person_id", "platform", "address_cell", "address_index")
    SELECT "id", "id", 'telegram', sha256("uid"::bytea), substring(sha256("uid"::bytea) FOR 16) FROM "person"`;
  await db.$executeRaw`INSERT INTO "post" ("unit_id", "person_id", "post") SELECT u."id", p."id", 'worker' FROM "unit" u, "person" p`;
  await db.$executeRaw`
    INSERT INTO "delivery" ("person_id", "kind", "slot", "account_id", "platform", "lane", "state", "at", "sent_at", "ref", "phrase")
    SELECT "id", 'reply', "uid", "id", 'telegram', 2, CASE WHEN "id" % 2 = 0 THEN 'pending' ELSE 'sent' END,
           '2026-09-18T01:00:00Z', CASE WHEN "id" % 2 = 1 THEN '2026-09-18T01:00:00Z'::timestamptz END, "id"::text,
           '{"key": "reply.help", "values": {}}'
    FROM "person"`;
};

/** Runs a command and tells its seconds and the most memory it took. */
const timed = async (args: readonly string[], environment: Environment) => {
  const from = performance.now();
  const program = `process.on("exit", () => process.stderr.write("peak " + process.resourceUsage().maxRSS + "\\n"))`;
  const ended: Ended = await run(args, {
    ...environment,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(program)}`,
  });
  if (ended.code !== 0) throw new Error(ended.err);
  const peak = Number(/peak (\d+)/.exec(ended.err)?.[1]) / 1024;
  return { seconds: ((performance.now() - from) / 1000).toFixed(1), "peak MB": Math.round(peak) };
};

export const bench: Bench = {
  shows: `The commands as they are typed, with ${PEOPLE} people who have a message each: one PostgreSQL database is backed up into a file, and that restored into another.`,
  run: async ({ atMost }): Promise<readonly Row[] | string> => {
    if (atMost < PEOPLE) return `There is one size, ${PEOPLE}.`;
    const [from, to] = [await freshPostgres(), await freshPostgres()];
    const shelf = folder();
    const { db, close } = await overPostgres(from);
    await fill(db);
    const file = shelf.at("backup.tar.gz");
    const backup = await timed(["backup", file], { DATABASE_URL: from.url, ...KEYS });
    const restore = await timed(["restore", file], { DATABASE_URL: to.url, ...KEYS });
    const size = (statSync(file).size / 1e6).toFixed(1);
    await close();
    await to.drop();
    shelf.remove();
    return [
      { what: "backup", ...backup, "file MB": size },
      { what: "restore", ...restore, "file MB": size },
    ];
  },
};
