import type { EntryBytes } from "../ports/ledger.ts";
import type { LeaveStore, Office } from "../ports/store/leave-store.ts";
import type { Db } from "./client.ts";
import type { Prisma } from "./generated/client.ts";

type Tx = Prisma.TransactionClient;

const holders = async (tx: Tx, { unit, post, deputy }: Office) => {
  const found = await tx.post.findMany({
    where: { unit: { code: unit }, post, deputy },
    select: { person: { select: { id: true, uid: true } } },
    orderBy: { personId: "asc" },
  });
  return found.map(({ person }) => person);
};

export const leaveStore = (db: Db, entryBytes: EntryBytes): LeaveStore => ({
  grant: ({ away, by, from, until }, entry) =>
    db.$transaction(async (tx) => {
      const [person, ...others] = await holders(tx, away);
      if (!person) return "nobody-away";
      if (others.length > 0) return "several-away";
      const [standIn] = await holders(tx, by);
      if (!standIn) return "nobody-stands-in";
      if (standIn.id === person.id) return "same-person";
      await tx.leave.create({ data: { personId: person.id, standInId: standIn.id, fromAt: from, untilAt: until } });
      await tx.ledgerInbox.create({ data: { body: entryBytes(entry(person.uid, standIn.uid)) } });
      return "granted";
    }),
});
