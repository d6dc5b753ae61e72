import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { start } from "../../processes/program.ts";
import { eventually } from "../../scripted/eventually.ts";
import { compiled } from "../../setup/ask.ts";
import { AMENDER, amend, type Deed } from "../amending.ts";
import type { Row } from "../endure.ts";
import { draftNotice } from "../town.ts";
import { untilReady, type World } from "../world.ts";

const AMENDING = await compiled("test/survive/amending.ts");
const FLUSH = 50;
/** Two thousand people's cards are drawn again on a busy machine. */
const PATIENCE_MS = 300_000;

const stateOf = async ({ db }: World, number: string) =>
  (await db.notice.findUniqueOrThrow({ where: { number } })).state;

/** Somebody takes a notice back, or replaces it, and dies before the last word of it, and a worker with them; then it is done in earnest. */
const twice = async (world: World, deed: Deed): Promise<readonly string[]> => {
  const { postgres, env, workers, db } = world;
  const lock = new Client({ connectionString: postgres.url });
  lock.on("error", () => {});
  await lock.connect();
  await lock.query(`BEGIN; LOCK TABLE "ledger_inbox" IN SHARE MODE`);
  const amender = start([JSON.stringify(deed)], env, [], [AMENDING]);
  // Asked outside of the transaction, within which the answer would stay the first one.
  const waits = () => db.$queryRaw<unknown[]>`
    SELECT 1 FROM pg_stat_activity WHERE application_name = ${AMENDER} AND wait_event_type = 'Lock'`;
  await eventually(waits, (rows) => rows.length > 0, 60_000);
  amender.signal("SIGKILL");
  await Promise.all([amender.ended, workers[0]?.kill()]);
  await lock.query("COMMIT");
  await lock.end();
  const gone = () => db.$queryRaw<unknown[]>`SELECT 1 FROM pg_stat_activity WHERE application_name = ${AMENDER}`;
  await eventually(gone, (rows) => rows.length === 0, 60_000);
  const state = await stateOf(world, deed.number);
  const came = await amend({ ...world, entryBytes: world.ledger.entryBytes }, deed);
  await workers[0]?.restart();
  return [
    ...(state === "published" ? [] : [`killed in between it left ${deed.number} ${state}`]),
    ...(came === (deed.draft ? "superseded" : "done") ? [] : [`done in earnest it came to ${came}`]),
  ];
};

/** What is under way, or to be drawn again, of this notice. */
const moving = ({ db }: World, number: string) => db.$queryRaw<{ id: bigint }[]>`
  SELECT d."id" FROM "delivery" d JOIN "notice" n ON n."id" = d."notice_id"
  WHERE n."number" = ${number} AND (d."state" IN ('pending', 'sending')
    OR d."wanted_rev" > d."drawn_rev" AND d."state" IN ('sent', 'delivered', 'seen'))`;

/** After everything has come to rest, nothing of it is owed, and nobody has it for whom it was stopped. */
const over = async (world: World, number: string): Promise<readonly string[]> => {
  const { db, there, citizens, lanes } = world;
  await eventually(
    () => moving(world, number),
    (rows) => rows.length === 0,
    PATIENCE_MS,
  );
  await sleep(2_500);
  const rows = await db.$queryRaw<{ unit_id: bigint; state: string; open: boolean }[]>`
    SELECT d."unit_id", d."state", EXISTS (SELECT FROM "obligation" o
      WHERE o."notice_id" = d."notice_id" AND o."unit_id" = d."unit_id" AND o."state" = 'open') AS "open"
    FROM "delivery" d JOIN "notice" n ON n."id" = d."notice_id" WHERE n."number" = ${number} AND d."kind" = 'notice'`;
  const cards = (unit: bigint) =>
    there.chats
      .shows(citizens.find((citizen) => citizen.unit === unit)?.chat ?? "")
      .filter(({ text, buttons }) => text.includes(number) && buttons.some(({ label }) => label.startsWith("✅")))
      .length;
  const stopped = rows.filter(({ state }) => state === "stopped");
  const open = rows.filter((row) => row.open).length;
  const asked = rows.filter(({ unit_id: unit }) => cards(unit) > 0).length;
  const shown = stopped.filter(({ unit_id: unit }) => cards(unit) > 0).length;
  return [
    ...(rows.length === citizens.length ? [] : [`${rows.length} messages of ${number}`]),
    ...(open === 0 ? [] : [`${open} obligations of ${number} are open`]),
    ...(shown === 0 ? [] : [`${shown} have ${number} for whom it was stopped`]),
    // What was under way when the worker died nobody may touch again.
    ...(asked <= lanes + FLUSH ? [] : [`${asked} are still asked for ${number}`]),
  ];
};

/** How many have heard more than once that it is over, or have the new version more than once. */
const doubled = ({ there, citizens }: World, words: string): number =>
  citizens.filter(({ chat }) => there.chats.shows(chat).filter(({ text }) => text.includes(words)).length > 1).length;

const amended: Row = {
  component: "worker",
  fault: "recall and supersede, killed in between",
  crashes: 2,
  inject: async (world) => {
    const { db, workers, lanes } = world;
    const recalled = await world.publish();
    const wrong = [...(await twice(world, { number: recalled, draft: null }))];
    const old = await world.publish();
    const draft = draftNotice();
    wrong.push(...(await twice(world, { number: old, draft })));
    wrong.push(...(await over(world, recalled)), ...(await over(world, old)));
    const unsent = await eventually(
      () => moving(world, draft.number),
      (rows) => rows.length === 0,
      PATIENCE_MS,
    );
    const owed = await db.obligation.count({ where: { notice: { number: draft.number }, state: "open" } });
    const again = doubled(world, draft.number);
    if (unsent.length > 0) wrong.push(`${unsent.length} never got ${draft.number}`);
    if (owed !== world.citizens.length) wrong.push(`${owed} are asked for ${draft.number}`);
    if (again > lanes + FLUSH) wrong.push(`${again} have ${draft.number} more than once`);
    const stopped = await db.delivery.count({ where: { state: "stopped" } });
    return { ready: await untilReady(workers), wrong, note: `${stopped} messages stopped` };
  },
};

export const amendRows: readonly Row[] = [amended];
