import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Pool } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migrate } from "../src/database/migrate.ts";
import { startPostgres } from "./setup/database.ts";
import { testLog } from "./setup/log.ts";
import type { Server } from "./setup/server.ts";

const NAMES = readdirSync("prisma/migrations")
  .filter((name) => /^\d/.test(name))
  .sort();

describe("the migrations", () => {
  it("say what the schema says", () => {
    const check = spawnSync(process.execPath, ["prisma/author.mjs", "--check"], { encoding: "utf8" });
    expect([check.stderr, check.status]).toEqual(["", 0]);
  });

  it("would be missed if one were forgotten", () => {
    const copy = mkdtempSync(join(process.cwd(), "node_modules/.drift-"));
    try {
      cpSync("prisma", copy, { recursive: true });
      const path = join(copy, "schema.prisma");
      writeFileSync(
        path,
        readFileSync(path, "utf8").replace("largeType  Boolean", "tinyType Boolean\n  largeType  Boolean"),
      );
      const check = spawnSync(process.execPath, [join(copy, "author.mjs"), "--check"], { encoding: "utf8" });
      expect(check.status).toBe(2);
      expect(check.stderr).toContain("tinyType");
    } finally {
      rmSync(copy, { recursive: true });
    }
  });
});

describe("bringing a database up to date", () => {
  let server: Server;
  let pool: Pool;
  beforeEach(async () => {
    server = await startPostgres();
    pool = new Pool({ connectionString: server.url });
    // The server stops before the pool's sockets have closed.
    pool.on("error", () => {});
  });
  afterEach(async () => {
    await pool.end();
    await server.stop();
  });

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

  it("lets two processes try at once, and applies everything once", async () => {
    const both = [1, 2].map(() => new Pool({ connectionString: server.url }).on("error", () => {}));
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
