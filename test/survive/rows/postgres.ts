import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import type { Injected, Row } from "../endure.ts";
import { fillDisk } from "../injection.ts";
import { draftNotice } from "../town.ts";
import { everybody, readiness, untilReady, type World } from "../world.ts";
import { slowSyncs } from "./strace.ts";

const asAdministrator = async <Value>(url: string, work: (client: Client) => Promise<Value>): Promise<Value> => {
  const client = new Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
};

/** Backends of a killed postmaster live on for a moment, and as long as they do nobody may begin anew. */
const bringBack = async ({ postgres }: World): Promise<void> => {
  for (let tries = 0; ; tries++) {
    try {
      return await postgres.restart();
    } catch (err) {
      if (tries > 20) throw err;
      await sleep(250);
    }
  }
};

/** Waits until the first web process is not ready, and tells a sentence unless it says why. */
const saysWhy = async ({ webs }: World, why: RegExp, check = "database"): Promise<readonly string[]> => {
  const [web] = webs;
  if (!web) return ["there is nobody to ask"];
  let state = await readiness(web);
  for (const end = Date.now() + 10_000; state?.status !== 503 && Date.now() < end; state = await readiness(web))
    await sleep(50);
  const said = state?.checks[check] ?? JSON.stringify(state);
  return state?.status === 503 && why.test(said) ? [] : [`readyz does not say ${why}: ${said}`];
};

const READY_WITHIN_MS = 10_000;

const ready = async (world: World, full: boolean): Promise<Injected> => {
  const ms = await untilReady(everybody(world));
  return { ready: ms, wrong: full && ms > READY_WITHIN_MS ? [`ready only ${ms} ms after it was back`] : [] };
};

const and = (found: Injected, wrong: readonly string[], note = ""): Injected => ({
  ...found,
  wrong: [...(found.wrong ?? []), ...wrong],
  note,
});

const killed: Row = {
  component: "PG",
  fault: "kill -9 postmaster",
  inject: async (world, full) => {
    await world.postgres.kill("SIGKILL");
    const wrong = await saysWhy(world, /./);
    await sleep(full ? 10_000 : 1_000);
    await bringBack(world);
    return and(await ready(world, full), wrong);
  },
};

/** How much of a notice there is. */
const traces = async ({ pool }: World, number: string): Promise<readonly number[]> => {
  const { rows } = await pool.query<{ counts: string[] }>(
    `SELECT ARRAY[
       (SELECT count(*) FROM "notice" WHERE "number" = $1),
       (SELECT count(*) FROM "obligation" o JOIN "notice" n ON n."id" = o."notice_id" WHERE n."number" = $1),
       (SELECT count(*) FROM "delivery" d JOIN "notice" n ON n."id" = d."notice_id" WHERE n."number" = $1),
       (SELECT count(*) FROM (SELECT "body" FROM "ledger_inbox" UNION ALL SELECT "body" FROM "ledger_entry") e
        WHERE convert_from(e."body", 'UTF8')::jsonb -> 'subject' ->> 'notice' = $1
          AND convert_from(e."body", 'UTF8')::jsonb ->> 'kind' = 'published')] AS counts`,
    [number],
  );
  return (rows[0]?.counts ?? []).map(Number);
};

/** A publication that is cut off after `ms`, or just before its last row when null; tells a sentence unless it is all or nothing. */
const publishInto = async (world: World, ms: number | null): Promise<readonly string[]> => {
  const draft = draftNotice();
  const lock = new Client({ connectionString: world.postgres.url });
  lock.on("error", () => {});
  await lock.connect();
  if (ms === null) await lock.query(`BEGIN; LOCK TABLE "ledger_inbox" IN SHARE MODE`);
  const publishing = world.publish(draft).then(
    () => true,
    () => false,
  );
  await sleep(ms ?? 700);
  await world.postgres.kill("SIGINT");
  await lock.end().catch(() => {});
  const done = await publishing;
  await bringBack(world);
  const found = await traces(world, draft.number);
  const people = world.citizens.length;
  const all = JSON.stringify(found) === JSON.stringify([1, people, people, 1]);
  const nothing = found.every((count) => count === 0);
  // Cut off while the database says "done", nobody knows; said done, it is.
  return (all && (done || ms !== null)) || (nothing && !done) ? [] : [`published ${done}, and there is ${found}`];
};

const publishing: Row = {
  component: "PG",
  fault: "restart during publish",
  inject: async (world, full) => {
    const wrong = [...(await publishInto(world, null))];
    for (let round = 0; full && round < 6; round++) wrong.push(...(await publishInto(world, 20 + Math.random() * 300)));
    return and(await ready(world, full), wrong);
  },
};

/** Cuts every connection of the service's. */
const cut = (world: World) =>
  asAdministrator(world.postgres.url, async (client) => {
    const { rowCount } = await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'chuanda%' AND pid <> pg_backend_pid()`,
    );
    return rowCount ?? 0;
  });

const terminated: Row = {
  component: "PG",
  fault: "backends terminated mid-transaction",
  inject: async (world, full) => {
    let count = 0;
    for (let round = 0; round < (full ? 20 : 3); round++) {
      count += await cut(world);
      await sleep(300);
    }
    return { ...(await ready(world, full)), note: `${count} backends` };
  },
};

/** Everything that asks for a connection is refused, until whoever took them all lets go. */
const exhausted: Row = {
  component: "PG",
  fault: "max_connections used up",
  inject: async (world, full) => {
    const taken: Client[] = [];
    let over = false;
    const take = async () => {
      while (!over) {
        const client = new Client({ connectionString: world.postgres.url, application_name: "hog" });
        client.on("error", () => {});
        await client.connect().then(
          () => taken.push(client),
          () => sleep(1),
        );
      }
    };
    const hogs = Promise.all(Array.from({ length: 24 }, take));
    while (taken.length === 0) await sleep(20);
    let starving = true;
    // Now and then the service is faster than the hogs, and keeps what it has got.
    const starve = async () => {
      for (; starving; await sleep(200))
        await taken[0]?.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'chuanda%'`,
        );
    };
    const starved = starve();
    // Who gets the last slot is a race: long enough for the service to lose it only in full size.
    const wrong = full ? await saysWhy(world, /too many clients|remaining connection slots/) : [];
    if (!full) await sleep(1_500);
    starving = false;
    await starved;
    await sleep(full ? 10_000 : 500);
    over = true;
    await hogs;
    await Promise.all(taken.map((client) => client.end()));
    return and(await ready(world, full), wrong, `${taken.length} idle clients`);
  },
};

const readOnly: Row = {
  component: "PG",
  fault: "read-only",
  inject: async (world, full) => {
    const turn = (sql: string) =>
      asAdministrator(world.postgres.url, async (client) => {
        await client.query("SET default_transaction_read_only = off");
        await client.query(sql);
        await client.query("SELECT pg_reload_conf()");
      });
    await turn("ALTER SYSTEM SET default_transaction_read_only = on");
    const wrong = await saysWhy(world, /read-only/);
    await sleep(full ? 10_000 : 500);
    await turn("ALTER SYSTEM RESET default_transaction_read_only");
    return and(await ready(world, full), wrong);
  },
};

/** Takes cards first and then what is owed, as no part of the service does. */
const deadlocks: Row = {
  component: "PG",
  fault: "deadlocks",
  inject: (world, full) =>
    asAdministrator(world.postgres.url, async (client) => {
      const count = async () => {
        const { rows } = await client.query(
          `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`,
        );
        return Number(rows[0]?.deadlocks);
      };
      const before = await count();
      for (const end = Date.now() + (full ? 20_000 : 1_500); Date.now() < end; await sleep(10)) {
        await client
          .query(`BEGIN; UPDATE "delivery" SET "attempts" = "attempts" WHERE "id" IN (
              SELECT "id" FROM "delivery" WHERE "kind" = 'notice' ORDER BY "id" DESC LIMIT 200);
            UPDATE "obligation" SET "needed" = "needed" WHERE "id" IN (
              SELECT "id" FROM "obligation" ORDER BY "id" DESC LIMIT 200); COMMIT`)
          .catch(() => client.query("ROLLBACK"));
      }
      await client.query("SELECT pg_stat_clear_snapshot()");
      return { note: `${(await count()) - before} deadlocks` };
    }),
};

/** The disk that the tables lie on is full, and after a while not any more. */
const full: Row = {
  component: "PG",
  fault: "data disk full",
  inject: async (world, large) => {
    const free = fillDisk(world.postgres.folder);
    // Until it is felt: there is a little room left in every table.
    for (const end = Date.now() + (large ? 15_000 : 3_000); Date.now() < end; await sleep(200))
      await world.pool
        .query(`CREATE TABLE IF NOT EXISTS "ballast" AS SELECT generate_series(1, 100000)`)
        .catch(() => {});
    free();
    return ready(world, large);
  },
};

const P95_WITHIN_SECONDS = 5;

/** A disk that takes its time: a warning must not. */
const slowDisk: Row = {
  component: "PG",
  fault: "fsync takes 200 ms",
  inject: async (world, large) => {
    const heal = await slowSyncs(world.postgres, 200);
    const number = await world.publish();
    const settled = async () => {
      const { rows } = await world.pool.query<{ left: string; p95: number }>(
        `SELECT count(*) FILTER (WHERE d."sent_at" IS NULL) AS "left",
           percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM d."sent_at" - n."published_at"))::float8 AS "p95"
         FROM "delivery" d JOIN "notice" n ON n."id" = d."notice_id" WHERE n."number" = $1`,
        [number],
      );
      return rows[0];
    };
    let state = await settled();
    for (const end = Date.now() + 60_000; Number(state?.left) > 0 && Date.now() < end; state = await settled())
      await sleep(200);
    await heal();
    const p95 = state?.p95 ?? Number.POSITIVE_INFINITY;
    const late = world.citizens.length <= 500 && p95 > P95_WITHIN_SECONDS && large;
    return { wrong: late ? [`p95 is ${p95} s`] : [], note: `p95 of ${world.citizens.length}: ${p95.toFixed(1)} s` };
  },
};

export const postgresRows: readonly Row[] = [killed, publishing, terminated, exhausted, readOnly, deadlocks];
/** Those for which a disk of their own is needed, and those that slow the server's calls down. */
export const diskRows: readonly Row[] = [full];
export const straceRows: readonly Row[] = [slowDisk];
