import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Open } from "../scripted/open.ts";
import { overPostgres } from "../scripted/open.ts";
import { freshPostgres } from "../setup/database.ts";
import type { World } from "../world.ts";
import { world } from "../world.ts";

let open: Open;
beforeAll(async () => {
  open = await overPostgres(await freshPostgres());
});
afterAll(() => open.close());

/** Waits until somebody waits for a lock. */
const somebodyWaits = async (): Promise<void> => {
  for (;;) {
    const [{ waiting } = { waiting: 0 }] = await open.db.$queryRaw<[{ waiting: number }]>`
      SELECT count(*)::int AS "waiting" FROM "pg_stat_activity" WHERE "wait_event_type" = 'Lock' AND "datname" = current_database()`;
    if (waiting > 0) return;
    await sleep(10);
  }
};

/**
 * Has a tap and an intruder wait for each other: the intruder takes the card first and then what is owed, as no part of
 * the service does. False where the database broke off the intruder, which tells nothing.
 */
const collide = async (here: World, number: string): Promise<boolean> => {
  let tapped: Promise<void> = Promise.resolve();
  const intruder = open.db.$transaction(
    async (tx) => {
      await tx.$executeRaw`SET LOCAL deadlock_timeout = '10s'`;
      await tx.$executeRaw`UPDATE "delivery" SET "attempts" = "attempts"`;
      tapped = here.acknowledge("Zhou", number);
      await somebodyWaits();
      await tx.$executeRaw`UPDATE "obligation" SET "needed" = 1`;
    },
    { timeout: 25_000 },
  );
  const [{ status }] = await Promise.allSettled([intruder]);
  await tapped;
  return status === "fulfilled";
};

describe("an answer and another transaction that wait for each other", () => {
  it("are both written: what the database breaks off begins anew", async () => {
    const { db } = open;
    const here = world(db);
    await here.tree([{ code: "shop" }]);
    await here.person("Zhou", ["shop:principal"]);
    let number = await here.publish({ audience: "all" });
    while (!(await collide(here, number))) number = await here.publish({ audience: "all" });
    expect(here.log.entries).toEqual([]);
    expect(await here.stands(number)).toMatchObject({ acknowledged: 1 });
    const kinds = await db.$queryRaw<{ kind: string }[]>`
      SELECT convert_from("body", 'UTF8')::jsonb ->> 'kind' AS "kind" FROM "ledger_inbox" ORDER BY "id" DESC LIMIT 2`;
    expect(kinds).toEqual([{ kind: "acknowledged" }, { kind: "published" }]);
  }, 60_000);
});
