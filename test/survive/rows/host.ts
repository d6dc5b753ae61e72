import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Row } from "../endure.ts";
import { untilReady, type World } from "../world.ts";

const NONE = "+0";
/** Longer than a process needs to notice. */
const FOLLOW_MS = 7_000;

const jumping =
  (file: string, offsets: readonly string[], warned: boolean): Row["inject"] =>
  async (world: World, full) => {
    for (const offset of offsets) {
      writeFileSync(file, `${offset}\n`);
      await sleep(full ? 2 * FOLLOW_MS : FOLLOW_MS);
    }
    const all = [...world.webs, ...world.workers];
    const told = all.filter((member) => member.program().err().includes("clock-jumped")).length;
    return {
      ready: await untilReady(all),
      wrong: warned && told < all.length ? [`${told} of ${all.length} processes told of the jump`] : [],
    };
  };

/** Service time follows the database's clock, and everything is done once, however it jumps. */
export const databaseClockRow = (file: string): Row => ({
  component: "PG",
  fault: "clock ± 1 h",
  crashes: 2,
  inject: jumping(file, ["+3600", NONE, "-3600", NONE], true),
});

/** What the machine of the service believes is of no consequence. */
export const hostClockRow = (file: string): Row => ({
  component: "host",
  fault: "clock jump ± 1 d",
  inject: jumping(file, ["+86400", "-86400", NONE], false),
});
