import type { Ask, Slot } from "../domain/pace.ts";
import type { PaceStore } from "../ports/store/pace-store.ts";
import type { Db } from "./client.ts";

/** A flow whose next grain was due this long ago is as good as one that was never asked for. */
const FORGET_MICROS = 60_000_000;

interface Row {
  kind: "granted" | "common" | "own";
  micros: bigint;
}

const slotOf = ({ kind, micros }: Row): Slot =>
  kind === "granted" ? { kind, micros: Number(micros) } : { kind: "wait", scope: kind, micros: Number(micros) };

const microsOf = (real: Date): number => real.getTime() * 1_000;

/** The function keeps the flows itself (`reserve_slots`, in the migrations): one statement, in which nobody waits for us. */
const ask = (db: Db, { common, own, lead, ahead, behind, holds }: Ask, real: Date): Promise<Row[]> => {
  const flows = own.flat();
  return db.$queryRaw<Row[]>`
    SELECT * FROM "reserve_slots"(${common.name}, ${common.grain}::bigint, ${common.burst}::bigint, ${lead}::bigint, ${ahead}::bigint,
      ${behind}::text, ${holds?.name ?? null}::text, ${holds?.micros ?? 0}::bigint,
      ${own.map(({ length }) => length)}::int[], ${flows.map(({ name }) => name)}::text[],
      ${flows.map(({ grain }) => grain)}::bigint[], ${flows.map(({ burst }) => burst)}::bigint[],
      ${microsOf(real)}::bigint)`;
};

/** Keeps the flows where there is no Redis, or while it is away. */
export const paceStore = (db: Db): PaceStore => {
  let swept = 0;

  /** What nobody has asked for in a while, once a minute. */
  const forget = async (now: number): Promise<void> => {
    if (now - swept < FORGET_MICROS) return;
    swept = now;
    await db.$executeRaw`
      DELETE FROM "pace" WHERE "name" = ANY (ARRAY(
        SELECT "name" FROM "pace" WHERE "due" < ${now - FORGET_MICROS}::bigint FOR UPDATE SKIP LOCKED))`;
  };

  return {
    async reserve(request, real) {
      const rows = await ask(db, request, real);
      await forget(microsOf(real));
      return rows.map(slotOf);
    },
    async freeze({ name, grain, burst }, micros, real) {
      const due = microsOf(real) + Math.ceil(micros) + (burst - 1) * grain;
      await db.$executeRaw`
        INSERT INTO "pace" AS p ("name", "due") VALUES (${name}, ${due}::bigint)
        ON CONFLICT ("name") DO UPDATE SET "due" = greatest(p."due", excluded."due")`;
    },
  };
};
