import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { endure } from "./endure.ts";
import { postgresRows } from "./rows/postgres.ts";
import { redisRows } from "./rows/redis.ts";
import { openWorld, type World } from "./world.ts";

describe("a broadcast that people answer survives the servers it stands on:", () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ people: 60, webs: 1, postgres: { settings: ["max_connections=60"] } });
  });
  afterAll(() => world?.close());

  for (const row of [...postgresRows, ...redisRows])
    it(`${row.component}: ${row.fault}`, async () => {
      const { lost, wrong, duplicates, bound, ...more } = await endure(world, row);
      console.log(JSON.stringify({ lost, wrong, duplicates, bound, ...more }));
      expect({ lost, wrong }).toEqual({ lost: 0, wrong: [] });
      expect(duplicates).toBeLessThanOrEqual(bound);
    });
});
