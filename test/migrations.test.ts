import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { Pool } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { migrate } from "../src/database/migrate.ts";
import { startPostgres } from "./setup/database.ts";
import { testLog } from "./setup/log.ts";
import type { Server } from "./setup/server.ts";

const NAMES = readdirSync("prisma/migrations")
  .filter((name) => /^\d/.test(name))
  .sort();

const run = promisify(execFile);

/** What `--check` complains of, and how it ends. It starts two embedded databases, which takes its time. */
const drift = (folder: string): Promise<readonly [string, number]> =>
  run(process.execPath, [join(folder, "author.mjs"), "--check"]).then(
    ({ stderr }) => [stderr, 0],
    ({ stderr, code }) => [stderr, code],
  );

describe("the migrations", () => {
  it("say what the schema says", async () => {
    expect(await drift("prisma")).toEqual(["", 0]);
  }, 120_000);

  it("would be missed if one were forgotten", async () => {
    const copy = mkdtempSync(join(process.cwd(), "node_modules/.drift-"));
    try {
      cpSync("prisma", copy, { recursive: true });
      const path = join(copy, "schema.prisma");
      writeFileSync(
        path,
        readFileSync(path, "utf8").replace("largeType  Boolean", "tinyType Boolean\n  largeType  Boolean"),
      );
      const [complaint, status] = await drift(copy);
      expect(status).toBe(2);
      expect(complaint).toContain("tinyType");
    } finally {
      rmSync(copy, { recursive: true });
    }
  }, 120_000);
});

/** What Prisma's own engine says of a database. */
const askPrisma = async (url: string) => {
  const { stdout } = await run(process.execPath, ["test/setup/ask-prisma.mjs", url]);
  return JSON.parse(stdout);
};

describe("bringing a database up to date", () => {
  let server: Server;
  let url: string;
  let pool: Pool;
  let databases = 0;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    const name = `empty_${++databases}`;
    const administrator = new Pool({ connectionString: server.url, max: 1 });
    await administrator.query(`CREATE DATABASE ${name}`);
    await administrator.end();
    url = server.url.replace(/[^/]+$/, name);
    pool = new Pool({ connectionString: url });
    // The server stops before the pool's sockets have closed.
    pool.on("error", () => {});
  });
  afterEach(() => pool.end());

  const rows = async () =>
    (
      await pool.query(
        `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished, rolled_back_at, applied_steps_count
         FROM _prisma_migrations ORDER BY started_at`,
      )
    ).rows;

  it("leaves Prisma's own table as Prisma would, and BullMQ's tables in their schema", async () => {
    expect(await migrate(pool, testLog())).toEqual(NAMES);
    const found = await rows();
    expect(found.map(({ migration_name }) => migration_name)).toEqual(NAMES);
    for (const row of found)
      expect(row).toMatchObject({
        finished: true,
        rolled_back_at: null,
        applied_steps_count: 1,
        checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
    const { rows: tables } = await pool.query(
      `SELECT count(*)::int AS n FROM information_schema.tables WHERE table_schema = 'bullmq'`,
    );
    expect(tables[0].n).toBeGreaterThan(0);
    expect(await migrate(pool, testLog())).toEqual([]);
  });

  it("is accepted by Prisma's own engine as applied in full", async () => {
    await migrate(pool, testLog());
    expect(await askPrisma(url)).toEqual({ edited: [], departs: null, applied: [] });
    await pool.query(`UPDATE _prisma_migrations SET checksum = 'other' WHERE migration_name = $1`, [NAMES[0]]);
    expect((await askPrisma(url)).edited).toEqual([NAMES[0]]);
  });

  it("lets two processes try at once, and applies everything once", async () => {
    const both = [1, 2].map(() => new Pool({ connectionString: url }).on("error", () => {}));
    const applied = await Promise.all(both.map((one) => migrate(one, testLog())));
    await Promise.all(both.map((one) => one.end()));
    expect(applied.flat().sort()).toEqual(NAMES);
    expect(await rows()).toHaveLength(NAMES.length);
  });

  it("refuses a database whose migration was edited, and one of a newer release", async () => {
    const folder = mkdtempSync(join(tmpdir(), "chuanda-migrations-"));
    cpSync("prisma/migrations", folder, { recursive: true });
    const at = pathToFileURL(`${folder}/`);
    await migrate(pool, testLog(), at);
    writeFileSync(join(folder, NAMES[0] ?? "", "migration.sql"), "-- something else");
    await expect(migrate(pool, testLog(), at)).rejects.toThrow(/was changed/);
    rmSync(join(folder, NAMES[0] ?? ""), { recursive: true });
    await expect(migrate(pool, testLog(), at)).rejects.toThrow(NAMES[0] ?? "");
    rmSync(folder, { recursive: true });
  });

  it("leaves nothing of a migration that fails", async () => {
    const folder = mkdtempSync(join(tmpdir(), "chuanda-migrations-"));
    cpSync("prisma/migrations", folder, { recursive: true });
    cpSync(join(folder, NAMES[0] ?? ""), join(folder, "99990101000000_bad"), { recursive: true });
    writeFileSync(join(folder, "99990101000000_bad/migration.sql"), `CREATE TABLE "half" ("id" int); SELECT 1 / 0;`);
    await expect(migrate(pool, testLog(), pathToFileURL(`${folder}/`))).rejects.toThrow("99990101000000_bad");
    const { rows: half } = await pool.query(`SELECT to_regclass('public.half') AS at`);
    expect(half[0].at).toBeNull();
    expect((await rows()).map(({ migration_name }) => migration_name)).toEqual(NAMES);
    rmSync(folder, { recursive: true });
  });
});
