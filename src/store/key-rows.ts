import type { PersonId } from "../domain/ids.ts";
import type { IndexedCell, KeyChange, KeyRow, KeyStore } from "../ports/store/key-store.ts";
import type { Db } from "./client.ts";
import { Prisma } from "./generated/client.ts";

type Tx = Prisma.TransactionClient;

const SETTINGS = { secret: "key-probe", ledger: "ledger-probe" } as const;

/** Where each kind of value stands: its table, the number of its row, its column. */
const COLUMNS = {
  key: Prisma.sql`"person_key" t SET "wrapped" = c."to" FROM c WHERE t."person_id" = c."row" AND t."wrapped" = c."from"`,
  name: Prisma.sql`"person" t SET "name_index" = c."to" FROM c WHERE t."id" = c."row" AND t."name_index" = c."from"`,
  phone: Prisma.sql`"person" t SET "phone_index" = c."to" FROM c WHERE t."id" = c."row" AND t."phone_index" = c."from"`,
  address: Prisma.sql`"account" t SET "address_index" = c."to" FROM c WHERE t."id" = c."row" AND t."address_index" = c."from"`,
} as const;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

const replace = async (tx: Tx, what: keyof typeof COLUMNS, changes: readonly KeyChange[]): Promise<void> => {
  const those = changes.filter((change) => change.what === what);
  if (those.length === 0) return;
  await tx.$executeRaw`
    WITH c AS (
      SELECT "row", decode("from", 'base64') AS "from", decode("to", 'base64') AS "to"
      FROM unnest(${those.map(({ row }) => row)}::bigint[], ${those.map(({ from }) => base64(from))}::text[],
                  ${those.map(({ to }) => base64(to))}::text[]) AS given("row", "from", "to"))
    UPDATE ${COLUMNS[what]}`;
};

const query = {
  include: { key: true, accounts: true },
  orderBy: { id: "asc" },
} satisfies Prisma.PersonFindManyArgs;

type Row = Prisma.PersonGetPayload<typeof query>;

const cellsOf = ({ id, nameCell, nameIndex, phoneCell, phoneIndex, accounts }: Row): readonly IndexedCell[] => [
  { what: "name", place: "person.name_cell", row: id, cell: nameCell, index: nameIndex },
  ...(phoneCell && phoneIndex
    ? [{ what: "phone", place: "person.phone_cell", row: id, cell: phoneCell, index: phoneIndex } as const]
    : []),
  ...accounts.map(
    (account): IndexedCell => ({
      what: "address",
      place: "account.address_cell",
      row: account.id,
      cell: account.addressCell,
      index: account.addressIndex,
    }),
  ),
];

const keyRow = (row: Row): readonly KeyRow[] =>
  row.key ? [{ person: row.id as PersonId, uid: row.uid, wrapped: row.key.wrapped, cells: cellsOf(row) }] : [];

export const keyStore = (db: Db): KeyStore => ({
  async probe(of) {
    return (await db.setting.findUnique({ where: { key: SETTINGS[of] } }))?.value ?? null;
  },
  async setProbe(of, from, to) {
    const key = SETTINGS[of];
    if (from === null) await db.setting.createMany({ data: { key, value: to }, skipDuplicates: true });
    else await db.setting.updateMany({ where: { key, value: from }, data: { value: to } });
  },
  async keys(after, limit) {
    const rows = await db.person.findMany({
      ...query,
      where: { key: { isNot: null }, ...(after === null ? {} : { id: { gt: after } }) },
      take: limit,
    });
    return rows.flatMap(keyRow);
  },
  async replace(changes) {
    if (changes.length === 0) return;
    await db.$transaction(async (tx) => {
      await replace(tx, "key", changes);
      await replace(tx, "name", changes);
      await replace(tx, "phone", changes);
      await replace(tx, "address", changes);
    });
  },
});
