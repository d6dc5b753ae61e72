import { setTimeout as sleep } from "node:timers/promises";
import { type Crowd, crowd } from "./crowd.ts";
import { type Findings, oracle } from "./oracle.ts";
import type { World } from "./world.ts";

/** A row of the table of faults. */
export interface Row {
  readonly component: "web" | "worker" | "sealer" | "PG" | "Redis" | "host" | "embedded" | "DB";
  readonly fault: string;
  /** What is done to the world in mid-broadcast, and undone. */
  readonly inject: (world: World, full: boolean) => Promise<Injected>;
  /** How many processes lose what they had under way; each may double as much. */
  readonly crashes?: number;
}

export const nameOf = ({ component, fault }: Row): string => `${component}: ${fault}`;

export interface Injected {
  /** From the end of the fault until everybody said to be ready, in milliseconds. */
  readonly ready?: number;
  /** What a row has to find out by itself: a sentence for each thing that is not as it should be. */
  readonly wrong?: readonly string[];
  /** Something worth knowing, for the table. */
  readonly note?: string;
}

export interface Endured extends Findings {
  readonly row: string;
  readonly people: number;
  /** The most duplicates there may be. */
  readonly bound: number;
  readonly readySeconds: number | null;
  /** From the end of the fault until nothing waited any more. */
  readonly settleSeconds: number;
  readonly answers: string;
  readonly note: string;
}

const LOOK_MS = 100;
/** Results are written at the latest when so many have gathered (`dispatch-parts.ts`). */
const FLUSH = 50;

/** What has not come to rest, by name. */
const restless = async ({ db }: World, number: string): Promise<Readonly<Record<string, number>>> => {
  const [row] = await db.$queryRaw<[Record<string, number>]>`
    SELECT (SELECT count(*) FROM "delivery" d JOIN "notice" n ON n."id" = d."notice_id" WHERE n."number" = ${number}
              AND (d."state" NOT IN ('sent', 'delivered', 'seen', 'gone', 'refused')
                OR d."wanted_rev" > d."drawn_rev" AND d."state" IN ('sent', 'delivered', 'seen')))::int AS "deliveries",
           (SELECT count(*) FROM "inbound" WHERE "state" = 'pending')::int AS "events",
           (SELECT count(*) FROM "ledger_inbox")::int AS "unsealed"`;
  return row;
};

const untilRest = async (world: World, number: string, ms: number): Promise<void> => {
  for (const end = Date.now() + ms; ; await sleep(LOOK_MS)) {
    const left = await restless(world, number).catch((err: unknown) => ({ database: String(err) }));
    if (Object.values(left).every((count) => count === 0)) return;
    if (Date.now() > end) throw new Error(`no rest after ${ms} ms: ${JSON.stringify(left)}`);
  }
};

/** Waits until everybody has answered. */
const within = async (people: Crowd, ms: number): Promise<void> => {
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    people.stop();
  }, ms);
  await people.done.finally(() => clearTimeout(timer));
  if (late) throw new Error(`after ${ms} ms there were still people who could not answer`);
};

/** In full size, on a machine that is busy with something else, it takes its time; and what may have arrived waits ten minutes. */
const settleMs = (full: boolean): number => (full ? 1_500_000 : 60_000);

/** Publishes to the whole town, lets something happen in the middle of it while people answer, and asks the oracle. */
export const endure = async (world: World, row: Row, full = false): Promise<Endured> => {
  const { there, citizens, webs, db } = world;
  const before = there.chats.requests.length;
  const number = await world.publish();
  const origins = webs.map(({ origin }) => origin());
  const people = crowd(there, origins, citizens, number);
  try {
    while (there.chats.requests.length < before + citizens.length / 5) await sleep(10);
    const { ready, wrong = [], note = "" } = await row.inject(world, full);
    const over = Date.now();
    await within(people, settleMs(full));
    await untilRest(world, number, settleMs(full));
    const settled = Date.now() - over;
    const found = await oracle({ ...world, number, crowd: people });
    await db.$executeRaw`TRUNCATE "backwards"`;
    return {
      ...found,
      row: nameOf(row),
      people: citizens.length,
      bound: (row.crashes ?? 0) * (world.lanes + FLUSH),
      wrong: [...wrong, ...found.wrong],
      readySeconds: ready === undefined ? null : ready / 1000,
      settleSeconds: settled / 1000,
      answers: [...people.answers].map(([answer, count]) => `${answer}×${count}`).join(" "),
      note,
    };
  } finally {
    people.stop();
  }
};
