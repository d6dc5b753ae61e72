import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { endure, nameOf } from "./endure.ts";
import { postgresRows } from "./rows/postgres.ts";
import { redisRows } from "./rows/redis.ts";
import { restoreRows } from "./rows/restore.ts";
import { openWorld, type World } from "./world.ts";

describe("a broadcast that people answer survives", () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ people: 60, webs: 1, postgres: { settings: ["max_connections=60"] } });
  }, 300_000);
  afterAll(() => world?.close());

  for (const row of [...postgresRows, ...redisRows, ...restoreRows])
    it(nameOf(row), async () => {
      const { lost, wrong, duplicates, bound } = await endure(world, row);
      expect({ lost, wrong }).toEqual({ lost: 0, wrong: [] });
      expect(duplicates).toBeLessThanOrEqual(bound);
    }, 180_000);
});
