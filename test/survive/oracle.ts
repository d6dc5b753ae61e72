import { setTimeout as sleep } from "node:timers/promises";
import type { Ledger } from "../../src/ports/ledger.ts";
import { verify } from "../../src/services/verify.ts";
import type { Db } from "../../src/store/client.ts";
import { ledgerStore } from "../../src/store/ledger-entries.ts";
import type { ScriptedServer } from "../scripted/scripted-server.ts";
import type { Crowd } from "./crowd.ts";
import type { Citizen } from "./town.ts";

/** What a fault has cost, and what it must never cost. */
export interface Findings {
  /** People who were never reached, and taps that were answered 200 and came to nothing. */
  readonly lost: number;
  /** Messages beyond one a person. */
  readonly duplicates: number;
  /** Everything else that is not as it should be, a sentence each. */
  readonly wrong: readonly string[];
}

export interface Asked {
  readonly db: Db;
  readonly ledger: Ledger;
  readonly there: ScriptedServer;
  readonly citizens: readonly Citizen[];
  readonly number: string;
  readonly crowd: Crowd;
}

/** Watches, in the database itself, that what was sent, delivered or seen never becomes less. */
export const watchReceipts = async (db: Db): Promise<void> => {
  const rank = (row: string) => `array_position(ARRAY['sent', 'delivered', 'seen'], ${row}."state")`;
  await db.$executeRawUnsafe(`CREATE TABLE "backwards" ("delivery" bigint, "was" text, "became" text)`);
  await db.$executeRawUnsafe(`
    CREATE FUNCTION "note_backwards"() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO "backwards" VALUES (OLD."id", OLD."state", NEW."state");
      RETURN NULL;
    END $$`);
  await db.$executeRawUnsafe(`
    CREATE TRIGGER "receipts_only_forward" AFTER UPDATE ON "delivery" FOR EACH ROW
    WHEN (coalesce(${rank("NEW")}, 0) < ${rank("OLD")}) EXECUTE FUNCTION "note_backwards"()`);
};

/** Taps that were answered 200 and were not worked off, once each. */
const lostTaps = async ({ db, crowd }: Asked): Promise<number> => {
  const [{ done } = { done: 0 }] = await db.$queryRaw<{ done: number }[]>`
    SELECT count(*)::int AS "done" FROM "inbound" WHERE "platform" = 'scripted-telegram' AND "state" = 'done'
      AND "event_id" = ANY (${[...crowd.taken]}::text[])`;
  return crowd.taken.length - done;
};

/** What units owe, against what their people were told. */
const obligations = async ({ db, number, crowd }: Asked): Promise<readonly string[]> => {
  const rows = await db.$queryRaw<{ unit_id: bigint; state: string; generation: number; standing: number }[]>`
    SELECT o."unit_id", o."state", o."generation",
           (SELECT count(*) FROM "answer" a WHERE a."obligation_id" = o."id" AND a."taken_back_at" IS NULL)::int AS "standing"
    FROM "obligation" o JOIN "notice" n ON n."id" = o."notice_id" WHERE n."number" = ${number}`;
  const missing = rows.length === crowd.model.size ? [] : [`${rows.length} obligations instead of ${crowd.model.size}`];
  const different = rows.flatMap(({ unit_id: unit, state, generation, standing }) => {
    const model = crowd.model.get(unit);
    const right =
      model?.state === state && model.generation === generation && standing === (state === "fulfilled" ? 1 : 0);
    return right ? [] : [`unit ${unit} is ${state} ${generation} (${standing}), not ${JSON.stringify(model)}`];
  });
  return [...missing, ...different];
};

/** Every answer stands in the ledger, once; and nothing in it is broken. */
const ledgerFaults = async ({ db, ledger, number, crowd }: Asked): Promise<readonly string[]> => {
  const verdict = await verify({ ledgerStore: ledgerStore(db), ledger });
  const sound = verdict.kind === "proven" && verdict.unsealed === 0;
  const [{ told } = { told: 0 }] = await db.$queryRaw<{ told: number }[]>`
    SELECT count(*)::int AS "told" FROM "ledger_entry" WHERE convert_from("body", 'UTF8')::jsonb -> 'subject' ->> 'notice' = ${number}
      AND convert_from("body", 'UTF8')::jsonb ->> 'kind' IN ('acknowledged', 'taken-back')`;
  const said = (value: unknown) => JSON.stringify(value, (_, each) => (typeof each === "bigint" ? String(each) : each));
  return [
    ...(sound ? [] : [`the ledger is not proven: ${said(verdict)}`]),
    ...(told === crowd.taken.length
      ? []
      : [`the ledger tells of ${told} answers, and ${crowd.taken.length} were taken`]),
  ];
};

const deliveryFaults = async ({ db, number }: Asked): Promise<readonly string[]> => {
  const rows = await db.$queryRaw<{ state: string; stale: boolean; count: number }[]>`
    SELECT d."state", d."wanted_rev" > d."drawn_rev" AS "stale", count(*)::int AS "count"
    FROM "delivery" d JOIN "notice" n ON n."id" = d."notice_id" WHERE n."number" = ${number} GROUP BY 1, 2`;
  const unsettled = rows.filter(({ state, stale }) => stale || !["sent", "delivered", "seen"].includes(state));
  const [{ back } = { back: 0 }] = await db.$queryRaw<{ back: number }[]>`
    SELECT count(*)::int AS "back" FROM "backwards"`;
  return [
    ...unsettled.map(({ state, stale, count }) => `${count} messages are ${state}${stale ? ", not drawn" : ""}`),
    ...(back === 0 ? [] : [`${back} receipts went backwards`]),
  ];
};

/** A card whose buttons have had their time is drawn again by itself, maybe at this very moment: what is wrong stays wrong. */
const lastingFaults = async (asked: Asked): Promise<readonly string[]> => {
  const end = Date.now() + 30_000;
  for (;;) {
    const found = await deliveryFaults(asked);
    if (found.length === 0 || Date.now() > end) return found;
    await sleep(200);
  }
};

/** The one oracle: asked when everything has come to rest, after whatever fault. */
export const oracle = async (asked: Asked): Promise<Findings> => {
  const { there, citizens, number, crowd } = asked;
  const received = citizens.map(
    ({ chat }) => there.chats.shows(chat).filter(({ text }) => text.includes(number)).length,
  );
  const faults = crowd.answers.get("500") ?? 0;
  return {
    lost: received.filter((count) => count === 0).length + (await lostTaps(asked)),
    duplicates: received.reduce((sum, count) => sum + Math.max(0, count - 1), 0),
    wrong: [
      ...(await obligations(asked)),
      ...(await ledgerFaults(asked)),
      ...(await lastingFaults(asked)),
      ...there.chats.violations,
      ...(faults === 0 ? [] : [`${faults} requests were answered 500`]),
    ],
  };
};
