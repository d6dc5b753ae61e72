import { type StrangerTry, strangerAnswer } from "../domain/enrolment.ts";
import type { Keys } from "../ports/keys.ts";
import type { Prisma } from "./generated/client.ts";

const HOUR_MS = 3_600_000;

/** Who tries, in a form that tells nobody who that is. */
export const tryKeyOf = (keys: Keys, who: string): Uint8Array<ArrayBuffer> => keys.index("address", `try ${who}`);

/**
 * What a stranger's next try of this kind may be answered with. For `good`, a code that lets in, only what they tried
 * themselves counts: whoever guesses at 80 bits must not keep others out. Real time.
 */
export const nextTry = async (
  tx: Prisma.TransactionClient,
  kind: StrangerTry,
  key: Uint8Array<ArrayBuffer>,
  real: Date,
  good = false,
): Promise<ReturnType<typeof strangerAnswer>> => {
  const since = new Date(real.getTime() - HOUR_MS);
  const [row] = await tx.$queryRaw<{ own: number; all: number }[]>`
    SELECT count(*) FILTER (WHERE "key" = ${key}::bytea)::int AS "own", count(*)::int AS "all"
    FROM "stranger_try" WHERE "kind" = ${kind} AND "at" > ${since}::timestamptz`;
  const { own, all } = row ?? { own: 0, all: 0 };
  return strangerAnswer(kind, { own, all: good ? own : all });
};

/** Counts a try. After silence has set in there is nothing more to count. */
export const countTry = async (
  tx: Prisma.TransactionClient,
  kind: StrangerTry,
  key: Uint8Array<ArrayBuffer>,
  real: Date,
): Promise<void> => {
  await tx.strangerTry.create({ data: { kind, key, at: real } });
};
