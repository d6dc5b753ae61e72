import { setTimeout as sleep } from "node:timers/promises";
import { openDatabase } from "../../src/database/open-database.ts";
import { openPrisma } from "../../src/store/client.ts";
import { testLog } from "../setup/log.ts";
import { world } from "../world.ts";
import { timed } from "./bench.ts";

const PEOPLE = 100;
const EVERY_MS = 50;

const [url = ""] = process.argv.slice(2);
const database = await openDatabase({ url, dataDir: "", log: testLog(), onDeath: () => {} });
const here = world(openPrisma(database.pool));
const names = Array.from({ length: PEOPLE }, (_, at) => `tapper-${at}`);
for (const name of names) await here.person(name, ["town1:inspector"]);
const number = await here.publish({ audience: "post inspector", closing: { kind: "everyone" }, ack: "read" });

/** In turns: everybody answers, then everybody takes it back. */
const tap = (at: number): Promise<number> => {
  const name = names[at % PEOPLE] ?? "";
  return timed(() =>
    Math.floor(at / PEOPLE) % 2 === 0 ? here.acknowledge(name, number) : here.takeBack(name, number),
  );
};

let next = 0;
let began = 0;
let until: number | null = null;

const keepTapping = async (): Promise<void> => {
  const taps: Promise<number>[] = [];
  began = performance.now();
  // At its own moment, whatever became of the one before: people do not wait for one another.
  while (until === null || taps.length < until) {
    taps.push(tap(next++));
    await sleep(Math.max(0, began + taps.length * EVERY_MS - performance.now()));
  }
  until = null;
  process.send?.(await Promise.all(taps));
};

process.on("message", (message: "begin" | { readonly end: number }) => {
  if (message === "begin") void keepTapping();
  else until = message.end;
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
