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
import type { Db } from "./client.ts";
import { Prisma } from "./generated/client.ts";
import { publicationSummary } from "./publication-summary.ts";
import { publishSql } from "./publish-sql.ts";
import { publishTurn } from "./publish-turn.ts";
import { RolledBack } from "./rolled-back.ts";

type Tx = Prisma.TransactionClient;
type Counts = Pick<Published, "units" | "obligations" | "excluded" | "recipients">;

/** A warning overtakes; everything else travels in bulk. */
const laneOf = (urgency: string): number => {
  const lane: Lane = urgency === "urgent" || urgency === "flash" ? "urgent" : "bulk";
  return LANES.indexOf(lane);
};

const addNotice = async (tx: Tx, { draft, dueAt, seconds, at }: Publication): Promise<bigint> => {
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
      reminders: draft.reminders.map(({ rule }) => rule),
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

const write = async (tx: Tx, publication: Publication): Promise<Published> => {
  await publishTurn(tx);
  const id = await addNotice(tx, publication);
  // Compiling a statement that runs once takes longer than it saves: a tenth of the whole at 100,000 recipients.
  await tx.$executeRaw`SET LOCAL jit = off`;
  const [counts] = await tx.$queryRaw<[Counts]>(publishSql(id, laneOf(publication.draft.urgency), publication));
  const { units, obligations, excluded, recipients } = counts;
  if (units === 0) throw new RolledBack("nobody");
  return {
    notice: id as NoticeId,
    units,
    obligations,
    excluded,
    recipients,
    recipientSet: await recipientSet(tx, id),
  };
};

/**
 * Tells the planner about the new rows at once. Until then it takes these tables for what they were, and reading fifty
 * cards out of 100,000 takes seconds instead of milliseconds; the embedded database has nobody else to tell it.
 */
const analyse = (tx: Tx) => tx.$executeRaw`ANALYZE "obligation", "asked", "delivery"`;

const unpublished = (error: unknown): Unpublished => {
  if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002") return "number-taken";
  if (error instanceof RolledBack && error.result === "nobody") return "nobody";
  throw error;
};

export const noticeStore = (db: Db, entryBytes: EntryBytes): NoticeStore => ({
  publish: (publication, entry) =>
    db
      .$transaction(async (tx) => {
        const published = await write(tx, publication);
        await tx.ledgerInbox.create({ data: { body: entryBytes(entry(published)) } });
        await analyse(tx);
        return published;
      })
      .catch(unpublished),

  preview: (publication) =>
    db
      .$transaction(async (tx): Promise<never> => {
        const published = await write(tx, publication);
        throw new RolledBack({ ...published, ...(await publicationSummary(tx, published.notice)) });
      })
      .catch((error) => {
        if (error instanceof RolledBack && error.result !== "nobody") return error.result as PublicationPreview;
        return unpublished(error);
      }),

  async unknownCodes(codes) {
    const known = await db.unit.findMany({ where: { code: { in: [...codes] } }, select: { code: true } });
    const found = new Set(known.map(({ code }) => code));
    return codes.filter((code) => !found.has(code));
  },
});
