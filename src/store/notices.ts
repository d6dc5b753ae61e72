import type { Lane } from "../domain/delivery.ts";
import { LANES } from "../domain/delivery.ts";
import type { NoticeId } from "../domain/ids.ts";
import type { EntryBytes } from "../ports/ledger.ts";
import type {
  NoticeStore,
  Publication,
  PublicationPreview,
  Published,
  Unpublished,
} from "../ports/store/notice-store.ts";
import { placesOf, standStill } from "./audience-sql.ts";
import type { Db } from "./client.ts";
import { Prisma } from "./generated/client.ts";
import { writePlans } from "./plans.ts";
import { publicationSummary } from "./publication-summary.ts";
import { gatherSql, pushesSql, writeSql } from "./publish-sql.ts";
import { publishTurn } from "./publish-turn.ts";
import { Overtaken, retrying } from "./retrying.ts";
import { RolledBack } from "./rolled-back.ts";

type Tx = Prisma.TransactionClient;
type Counts = Pick<Published, "units" | "obligations" | "excluded" | "recipients" | "bypasses">;

/** A million recipients take minutes where the machine is slow or busy. */
export const LONGEST_MS = 60 * 60_000;

/** A warning overtakes; everything else travels in bulk. */
const laneOf = (urgency: string): number => {
  const lane: Lane = urgency === "urgent" || urgency === "flash" ? "urgent" : "bulk";
  return LANES.indexOf(lane);
};

/** The version before. */
interface Before {
  readonly id: bigint;
  readonly version: number;
}

const addNotice = async (
  tx: Tx,
  { draft, dueAt, seconds, at, timetables }: Publication,
  before: Before | null,
): Promise<bigint> => {
  const issuer = await tx.unit.findUniqueOrThrow({ where: { code: draft.issuerCode }, select: { id: true } });
  const notice = await tx.notice.create({
    data: {
      number: draft.number,
      issuerId: issuer.id,
      urgency: draft.urgency,
      ack: draft.ack,
      closing: draft.closing.kind,
      quorum: draft.closing.kind === "quorum" ? draft.closing.needed : null,
      audience: draft.audience,
      dueRule: draft.due?.rule ?? null,
      dueAt,
      dueProvisional: timetables.some(({ provisional }) => provisional),
      reminders: draft.reminders.map(({ rule }) => rule),
      ...(before && { version: before.version + 1, supersedesId: before.id }),
      contentHash: draft.contentHash,
      locale: draft.texts[0].locale,
      seconds,
      publishedAt: at,
      texts: { createMany: { data: [...draft.texts] } },
    },
    select: { id: true },
  });
  return notice.id;
};

const recipientSet = async (tx: Tx, notice: bigint): Promise<string> => {
  const [row] = await tx.$queryRaw<{ hash: string }[]>`
    SELECT encode(sha256(convert_to(coalesce(string_agg(p."uid", ',' ORDER BY p."uid" COLLATE "C"), ''), 'UTF8')), 'hex') AS "hash"
    FROM "delivery" d JOIN "person" p ON p."id" = d."person_id" WHERE d."notice_id" = ${notice}`;
  return row?.hash ?? "";
};

/**
 * Tells the planner about the new rows at once. Until then it takes these tables for what they were, and reading fifty
 * cards out of 100,000 takes seconds instead of milliseconds, and a dry run's summary of 10,000 minutes; the embedded
 * database has nobody else to tell it.
 */
export const analyse = (tx: Tx) => tx.$executeRaw`ANALYZE "obligation", "asked", "delivery"`;

/** So many units at a time: however many there are, no single statement outlasts its time limit. */
const UNITS_AT_ONCE = 100_000;

/** Puts together who is meant, as they stand at one moment. Returns how many units that are. */
const gather = async (tx: Tx, publication: Publication): Promise<{ units: number; excluded: number }> => {
  const places = await placesOf(tx, publication.audience);
  await tx.$executeRaw(gatherSql(publication, places));
  if (!(await standStill(tx, places))) throw new Overtaken();
  await tx.$executeRaw`ANALYZE "meant"`;
  await tx.$executeRaw(pushesSql(publication));
  await tx.$executeRaw`ANALYZE "pushes"`;
  const [{ all, excluded }] = await tx.$queryRaw<[{ all: number; excluded: number }]>`
    SELECT coalesce(max("number"), 0) AS "all",
           (count(DISTINCT "number") FILTER (WHERE "status" = 'closed'))::int AS "excluded" FROM "meant"`;
  return { units: all - excluded, excluded };
};

const writeAll = async (tx: Tx, notice: bigint, publication: Publication): Promise<Counts> => {
  const lane = laneOf(publication.draft.urgency);
  const meant = await gather(tx, publication);
  const planned = await writePlans(tx, notice, publication.timetables);
  let [obligations, recipients, bypasses] = [0, 0, 0];
  for (let from = 1; from <= meant.units + meant.excluded; from += UNITS_AT_ONCE) {
    const units = { from, to: from + UNITS_AT_ONCE - 1 };
    const [made] = await tx.$queryRaw<[Pick<Counts, "obligations" | "recipients" | "bypasses">]>(
      writeSql(notice, lane, publication, planned, units),
    );
    obligations += made.obligations;
    recipients += made.recipients;
    bypasses += made.bypasses;
  }
  return { ...meant, obligations, recipients, bypasses };
};

/** Everything that publishing writes but the ledger's row. */
export const writePublication = async (
  tx: Tx,
  publication: Publication,
  before: Before | null = null,
): Promise<Published> => {
  await publishTurn(tx);
  const id = await addNotice(tx, publication, before);
  // Compiling a statement that runs once takes longer than it saves: a tenth of the whole at 100,000 recipients.
  await tx.$executeRaw`SET LOCAL jit = off`;
  // Sorting a million people with the 4 MB that a server gives by itself goes over the disk again and again.
  await tx.$executeRaw`SET LOCAL work_mem = '64MB'`;
  const counts = await writeAll(tx, id, publication);
  if (counts.units === 0) throw new RolledBack("nobody");
  await analyse(tx);
  return { notice: id as NoticeId, ...counts, recipientSet: await recipientSet(tx, id) };
};

export const unpublished = (error: unknown): Unpublished => {
  if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002") return "number-taken";
  if (error instanceof RolledBack && error.result === "nobody") return "nobody";
  throw error;
};

export const noticeStore = (db: Db, entryBytes: EntryBytes): NoticeStore => ({
  publish: (publication, entries) =>
    retrying(() =>
      db.$transaction(
        async (tx) => {
          const published = await writePublication(tx, publication);
          for (const entry of entries(published)) await tx.ledgerInbox.create({ data: { body: entryBytes(entry) } });
          return published;
        },
        { timeout: LONGEST_MS },
      ),
    ).catch(unpublished),

  preview: (publication) =>
    retrying(() =>
      db.$transaction(
        async (tx): Promise<never> => {
          const published = await writePublication(tx, publication);
          throw new RolledBack({ ...published, ...(await publicationSummary(tx, published.notice)) });
        },
        { timeout: LONGEST_MS },
      ),
    ).catch((error) => {
      if (error instanceof RolledBack && error.result !== "nobody") return error.result as PublicationPreview;
      return unpublished(error);
    }),

  async unknownCodes(codes) {
    const known = await db.unit.findMany({ where: { code: { in: [...codes] } }, select: { code: true } });
    const found = new Set(known.map(({ code }) => code));
    return codes.filter((code) => !found.has(code));
  },
});
