import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { endure, nameOf } from "./endure.ts";
import { amendRows } from "./rows/amend.ts";
import { sealerRows } from "./rows/sealer.ts";
import { versionRows } from "./rows/versions.ts";
import { webRows } from "./rows/web.ts";
import { workerRows } from "./rows/worker.ts";
import { openWorld, type World } from "./world.ts";

describe("a broadcast that people answer survives", () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ people: 60 });
  }, 300_000);
  afterAll(() => world?.close());

  for (const row of [...webRows, ...workerRows, ...amendRows, ...sealerRows, ...versionRows])
    it(nameOf(row), async () => {
      const { lost, wrong, duplicates, bound } = await endure(world, row);
      expect({ lost, wrong }).toEqual({ lost: 0, wrong: [] });
      expect(duplicates).toBeLessThanOrEqual(bound);
    }, 180_000);
});
