import { setTimeout as sleep } from "node:timers/promises";
import { openDatabase } from "../../src/database/open-database.ts";
import type { DeliveryId } from "../../src/domain/ids.ts";
import { openPrisma } from "../../src/store/client.ts";
import { testLog } from "../setup/log.ts";
import { world } from "../world.ts";
import { timed } from "./bench.ts";

const PEOPLE = 100;
const EVERY_MS = 50;

const [url = ""] = process.argv.slice(2);
const database = await openDatabase({ url, dataDir: "", log: testLog(), onDeath: () => {} });
const db = openPrisma(database.pool);
const here = world(db);
const names = Array.from({ length: PEOPLE }, (_, at) => `tapper-${at}`);
for (const name of names) await here.person(name, ["town1:inspector"]);
const number = await here.publish({ audience: "post inspector", closing: { kind: "everyone" }, ack: "read" });
// In the order of their people, who came in the order of their names.
const cards = await db.delivery.findMany({ where: { notice: { number } }, orderBy: { personId: "asc" } });

/** In turns: everybody answers, then everybody takes it back, which ends a round. */
const tap = (at: number): Promise<number> => {
  const turn = Math.floor(at / PEOPLE);
  const action = {
    do: turn % 2 === 0 ? "acknowledge" : "take-back",
    delivery: cards[at % PEOPLE]?.id as DeliveryId,
    round: 1 + Math.floor(turn / 2),
  } as const;
  return timed(() => here.send(names[at % PEOPLE] ?? "", { kind: "press", action, text: null, ref: null }));
};

let next = 0;
let until: number | null = null;

const keepTapping = async (): Promise<void> => {
  const taps: Promise<number>[] = [];
  const began = performance.now();
  // At its own moment, whatever became of the one before: people do not wait for one another.
  while (until === null || taps.length < until) {
    taps.push(tap(next++));
    await sleep(Math.max(0, began + taps.length * EVERY_MS - performance.now()));
  }
  until = null;
  const took = await Promise.all(taps);
  const answers = await db.answer.count();
  if (answers === 0) throw new Error("nobody's tap counted");
  process.send?.(took);
};

process.on("message", (message: "begin" | { readonly end: number }) => {
  if (message === "begin") void keepTapping();
  else until = message.end;
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
