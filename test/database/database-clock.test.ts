import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Database } from "../../src/database/database.ts";
import { databaseClock } from "../../src/database/database-clock.ts";
import { openDatabase } from "../../src/database/open-database.ts";
import { freshPostgres } from "../setup/database.ts";
import { testLog } from "../setup/log.ts";

let postgres: Awaited<ReturnType<typeof freshPostgres>>;
let database: Database;
let administrator: Client;

/** Puts a clock of ours before PostgreSQL's own; sessions find it by their search path. */
const skew = (seconds: number) =>
  administrator.query(`CREATE OR REPLACE FUNCTION skewed.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
    AS 'SELECT pg_catalog.clock_timestamp() + interval ''${seconds} seconds'''`);

beforeAll(async () => {
  postgres = await freshPostgres();
  administrator = new Client({ connectionString: postgres.url });
  await administrator.connect();
  await administrator.query("CREATE SCHEMA skewed");
  await skew(0);
  const url = new URL(postgres.url);
  url.searchParams.set("options", "-c search_path=skewed,pg_catalog,public");
  database = await openDatabase({ url: url.href, dataDir: "unused", log: testLog(), onDeath: () => {} });
});
afterAll(async () => {
  await database.close();
  await administrator.end();
  await postgres.drop();
});

const ahead = (clock: { real(): Date }) => clock.real().getTime() - Date.now();

it("tells the database's time where this machine's differs", async () => {
  await skew(3600);
  const clock = await databaseClock(database, testLog());
  expect(Math.abs(ahead(clock) - 3_600_000)).toBeLessThan(200);
  clock.stop();
});

it("stands still rather than run backwards when the database turns out to be a second behind", async () => {
  await skew(1);
  const clock = await databaseClock(database, testLog(), 50);
  const before = clock.real().getTime();
  await skew(0);
  const seen: number[] = [];
  for (let i = 0; i < 30; i++) {
    await sleep(50);
    seen.push(clock.real().getTime());
  }
  clock.stop();
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen[0]).toBeGreaterThanOrEqual(before);
  expect(Math.abs(ahead(clock))).toBeLessThan(200);
});

it("follows a database that was set back by an hour, and says so", async () => {
  await skew(3600);
  const log = testLog();
  const clock = await databaseClock(database, log, 50);
  clock.real();
  await skew(0);
  await expect.poll(() => Math.abs(ahead(clock))).toBeLessThan(200);
  clock.stop();
  expect(log.entries.map(({ event }) => event)).toContain("clock-jumped");
});

it("goes on with what it knows while the database is away", async () => {
  await skew(7200);
  const lost = await openDatabase({
    url: `${postgres.url}?options=-c%20search_path%3Dskewed,pg_catalog`,
    dataDir: "unused",
    log: testLog(),
    onDeath: () => {},
  });
  const log = testLog();
  const clock = await databaseClock(lost, log, 50);
  await lost.close();
  await expect.poll(() => log.entries.map(({ event }) => event)).toContain("clock-not-measured");
  expect(Math.abs(ahead(clock) - 7_200_000)).toBeLessThan(200);
  clock.stop();
});
