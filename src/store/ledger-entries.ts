import type { EntryRow, HeadRow, WaitingRow } from "../ports/ledger.ts";
import type { LedgerStore } from "../ports/store/ledger-store.ts";
import type { Db } from "./client.ts";
import type { Prisma } from "./generated/client.ts";
import { ledgerAccounts } from "./ledger-accounts.ts";

/** The key of the lock that lets one sealer at a time through. */
const SEALING = 7_531_900_017n;

type Tx = Prisma.TransactionClient;

const headOf = ({ size, root, range, note }: HeadRow): HeadRow => ({ size, root, range, note });

const lastHead = async (db: Tx): Promise<HeadRow | null> => {
  const head = await db.ledgerHead.findFirst({ orderBy: { size: "desc" } });
  return head && headOf(head);
};

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** One statement however many; as base64, because an array of byte strings is no parameter that Prisma knows. */
const addEntries = (tx: Tx, entries: readonly EntryRow[]): Promise<number> =>
  tx.$executeRaw`
    INSERT INTO "ledger_entry" ("seq", "id", "body", "leaf", "mac")
    SELECT "seq", "id", decode("body", 'base64'), decode("leaf", 'base64'), decode("mac", 'base64')
    FROM unnest(${entries.map(({ seq }) => seq)}::bigint[], ${entries.map(({ id }) => id)}::bigint[],
                ${entries.map(({ body }) => base64(body))}::text[], ${entries.map(({ leaf }) => base64(leaf))}::text[],
                ${entries.map(({ mac }) => base64(mac))}::text[]) AS e("seq", "id", "body", "leaf", "mac")`;

const takeWaiting = async (tx: Tx, limit: number): Promise<readonly WaitingRow[]> => {
  const rows = await tx.$queryRaw<WaitingRow[]>`
    DELETE FROM "ledger_inbox" WHERE "id" IN (SELECT "id" FROM "ledger_inbox" ORDER BY "id" LIMIT ${limit})
    RETURNING "id", "body"`;
  return rows.sort((one, other) => (one.id < other.id ? -1 : 1));
};

const sealWaiting: (db: Db) => LedgerStore["seal"] = (db) => async (limit, at, seal) => {
  if (!(await db.ledgerInbox.findFirst({ select: { id: true } }))) return 0;
  return db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(${SEALING})::text`;
    // Read under the lock: what another process sealed meanwhile stands before this.
    const last = await lastHead(tx);
    const waiting = await takeWaiting(tx, limit);
    if (waiting.length === 0) return 0;
    const { entries, head } = seal(last, waiting);
    await addEntries(tx, entries);
    await tx.ledgerHead.create({ data: { ...head, range: [...head.range], at } });
    return waiting.length;
  });
};

export const ledgerStore = (db: Db): LedgerStore => ({
  seal: sealWaiting(db),
  entries: (after, limit) =>
    db.ledgerEntry.findMany({
      where: after === null ? {} : { seq: { gt: after } },
      orderBy: { seq: "asc" },
      take: limit,
    }),
  async leaves(from, to, limit) {
    const rows = await db.ledgerEntry.findMany({
      where: { seq: { gte: from, lt: to } },
      select: { leaf: true },
      orderBy: { seq: "asc" },
      take: limit,
    });
    return rows.map(({ leaf }) => leaf);
  },
  async heads(after, upTo) {
    const rows = await db.ledgerHead.findMany({
      where: { size: after === null ? { lte: upTo } : { gt: after, lte: upTo } },
      orderBy: { size: "asc" },
    });
    return rows.map(headOf);
  },
  lastHead: () => lastHead(db),
  waiting: () => db.ledgerInbox.count(),
  accounts: ledgerAccounts(db),
});
