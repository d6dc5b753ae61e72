import type { Clock } from "../ports/clock.ts";
import type { CoverageStore } from "../ports/store/coverage-store.ts";
import type { DemoStore } from "../ports/store/demo-store.ts";
import type { Picture } from "./parts.ts";

export interface PictureParts {
  readonly coverage: CoverageStore;
  readonly demo: DemoStore;
  readonly clock: Clock;
  /** The notices to units and to workers. */
  readonly numbers: { readonly units: string; readonly workers: string };
  /** The town that stands first. */
  readonly town: string;
}

const MOST_TOWNS = 7;
const MOST_RECENT = 7;

/** Reads where everything stands. */
export const takePicture = async ({ coverage, demo, clock, numbers, town }: PictureParts): Promise<Picture> => {
  const now = clock.now();
  const units = await coverage.coverage(numbers.units, now);
  const workers = await coverage.coverage(numbers.workers, now);
  if (!units || !workers) throw new Error("the demo's notices are gone");
  const branches = ((await coverage.tree(numbers.units, null, now)) ?? []).filter(({ depth }) => depth === 1);
  // Always in the same order, so that a row can be watched: the newcomer's town, then the largest.
  const order = [...branches].sort(
    (a, b) => Number(b.code === town) - Number(a.code === town) || b.total - a.total || (a.code < b.code ? -1 : 1),
  );
  const hidden = order.slice(MOST_TOWNS);
  const open = hidden.reduce((sum, branch) => sum + branch.open + branch.overdue, 0);
  return {
    now,
    units,
    workers,
    towns: order.slice(0, MOST_TOWNS),
    more: { towns: hidden.length, open },
    recent: await demo.recent(MOST_RECENT),
  };
};
