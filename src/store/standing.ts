import type { Ack, Closing, NoticeState } from "../domain/notice.ts";
import type { Standing, Unamendable } from "../ports/store/amend-store.ts";
import type { Prisma } from "./generated/client.ts";

type Tx = Prisma.TransactionClient;

export type Held = Standing & { readonly id: bigint };

const closingOf = (kind: string, quorum: number | null): Closing =>
  kind === "quorum" ? { kind, needed: quorum ?? 1 } : { kind: kind as "everyone" | "each-unit" };

/** A notice that still stands; else why nothing more can be done to it. */
const standing = async (tx: Tx, number: string): Promise<Held | Unamendable> => {
  const found = await tx.notice.findUnique({
    where: { number },
    include: {
      texts: { select: { locale: true, title: true, body: true } },
      successor: { select: { number: true } },
    },
  });
  if (!found) return { kind: "unknown" };
  const { id, state, version, ack, dueAt, closing, quorum, texts, endedAt, publishedAt, recallReason, successor } =
    found;
  if (state === "recalled") return { kind: "recalled", at: endedAt ?? publishedAt, reason: recallReason };
  if (state === "superseded") return { kind: "superseded", by: successor?.number ?? "" };
  if (state !== "published") return { kind: "closed" };
  return {
    id,
    number,
    state: state as NoticeState,
    version,
    ack: ack as Ack,
    dueAt,
    closing: closingOf(closing, quorum),
    texts: texts as Standing["texts"],
  };
};

/** The same, so that nobody else ends it meanwhile. */
export const holdStanding = async (tx: Tx, number: string): Promise<Held | Unamendable> => {
  await tx.$queryRaw`SELECT 1 FROM "notice" WHERE "number" = ${number} FOR UPDATE`;
  return standing(tx, number);
};
