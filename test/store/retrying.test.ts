import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Open } from "../scripted/open.ts";
import { overPostgres } from "../scripted/open.ts";
import { freshPostgres } from "../setup/database.ts";
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

describe("an answer and another transaction that wait for each other", () => {
  it("are both written: what the database breaks off begins anew", async () => {
    const { db } = open;
    const here = world(db);
    await here.tree([{ code: "shop" }]);
    await here.person("Zhou", ["shop:principal"]);
    const number = await here.publish({ audience: "all" });
    let tapped: Promise<void> = Promise.resolve();
    // As no part of the service does it: first the card, then what is owed.
    await db.$transaction(async (tx) => {
      await tx.$executeRaw`UPDATE "delivery" SET "attempts" = 1`;
      tapped = here.acknowledge("Zhou", number);
      await somebodyWaits();
      await tx.$executeRaw`UPDATE "obligation" SET "needed" = 1`;
    });
    await tapped;
    expect(here.log.entries).toEqual([]);
    expect(await here.stands(number)).toMatchObject({ acknowledged: 1 });
    expect(await db.answer.count()).toBe(1);
    const kinds =
      await db.$queryRaw`SELECT convert_from("body", 'UTF8')::jsonb ->> 'kind' AS "kind" FROM "ledger_inbox" ORDER BY "id"`;
    expect(kinds).toEqual([{ kind: "published" }, { kind: "acknowledged" }]);
  });
});
