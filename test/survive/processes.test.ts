import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { endure } from "./endure.ts";
import { sealerRows } from "./rows/sealer.ts";
import { versionRows } from "./rows/versions.ts";
import { webRows } from "./rows/web.ts";
import { workerRows } from "./rows/worker.ts";
import { openWorld, type World } from "./world.ts";

describe("a broadcast that people answer survives its processes:", () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ people: 60 });
  });
  afterAll(() => world?.close());

  for (const row of [...webRows, ...workerRows, ...sealerRows, ...versionRows])
    it(`${row.component}: ${row.fault}`, async () => {
      const { lost, wrong, duplicates, bound, ...more } = await endure(world, row);
      console.log(JSON.stringify({ lost, wrong, duplicates, bound, ...more }));
      expect({ lost, wrong }).toEqual({ lost: 0, wrong: [] });
      expect(duplicates).toBeLessThanOrEqual(bound);
    });
});
