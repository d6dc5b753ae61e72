import type { PersonUid } from "../domain/ids.ts";
import type { PostName } from "../domain/post.ts";
import type { StoredUnit } from "../domain/roster-tree.ts";
import type { Holder, Match, RosterStore, Sought } from "../ports/store/roster-store.ts";
import type { Db } from "./client.ts";
import { hex } from "./roster-staging.ts";

const units = async (db: Db): Promise<readonly StoredUnit[]> =>
  db.$queryRaw<StoredUnit[]>`
    SELECT u."code", u."name", u."kind", p."code" AS "parent", u."division", u."industries", u."site_types" AS "siteTypes",
           u."grade", u."watch", u."status", u."lft", u."rgt", u."depth"
    FROM "unit" u LEFT JOIN "unit" p ON p."id" = u."parent_id" ORDER BY u."lft"`;

/** One line a value to look for; `by` is the column it comes from. */
const marksOf = ({ phone, accounts }: Sought, row: number): readonly object[] => [
  ...phone.map((index) => ({ row, by: "phone", index: hex(index) })),
  ...accounts.flatMap(({ platform, address }) => address.map((index) => ({ row, by: platform, index: hex(index) }))),
];

const officeOf = ({ name, unit, post, deputy }: Sought, row: number): readonly object[] =>
  name.map((index) => ({ row, index: hex(index), unit, post, deputy }));

/** Whoever has been erased is nobody any more, whatever indexes they left; and a stranger is nobody yet. */
const find = async (db: Db, sought: readonly Sought[]): Promise<readonly Match[]> => {
  if (sought.length === 0) return [];
  const marks = JSON.stringify(sought.flatMap(marksOf));
  const offices = JSON.stringify(sought.flatMap(officeOf));
  return db.$queryRaw<Match[]>`
    WITH mark AS (SELECT * FROM jsonb_to_recordset(${marks}::jsonb) AS m("row" int, "by" text, "index" bytea)),
    office AS (
      SELECT * FROM jsonb_to_recordset(${offices}::jsonb)
        AS o("row" int, "index" bytea, "unit" text, "post" text, "deputy" boolean)),
    meant AS (
      SELECT m."row", m."by", p."id" FROM mark m JOIN "person" p ON p."phone_index" = m."index" WHERE m."by" = 'phone'
      UNION
      SELECT m."row", m."by", a."person_id"
      FROM mark m JOIN "account" a ON a."platform" = m."by" AND a."address_index" = m."index"
      UNION
      SELECT o."row", 'name', p."id"
      FROM office o JOIN "unit" u ON u."code" = o."unit"
      JOIN "person" p ON p."name_index" = o."index"
      JOIN "post" h ON h."unit_id" = u."id" AND h."post" = o."post" AND h."deputy" = o."deputy" AND h."person_id" = p."id")
    SELECT t."row", t."by", p."uid" FROM meant t JOIN "person" p ON p."id" = t."id"
    WHERE EXISTS (SELECT FROM "person_key" k WHERE k."person_id" = t."id")
      AND NOT EXISTS (SELECT FROM "guest" g WHERE g."person_id" = t."id") ORDER BY t."row", p."id"`;
};

const people = async (db: Db, uids: readonly PersonUid[]) => {
  if (uids.length === 0) return [];
  const rows = await db.person.findMany({
    where: { uid: { in: [...uids] } },
    select: {
      uid: true,
      locale: true,
      localeChosen: true,
      nameCell: true,
      phoneCell: true,
      key: { select: { wrapped: true } },
      accounts: { select: { id: true, platform: true, addressIndex: true, gone: true } },
      posts: { select: { id: true, post: true, deputy: true, unit: { select: { code: true } } } },
    },
  });
  return rows.flatMap(({ uid, key, accounts, posts, ...person }) =>
    key
      ? {
          ...person,
          uid: uid as PersonUid,
          wrapped: key.wrapped,
          accounts: accounts.map(({ id, platform, addressIndex, gone }) => ({
            id,
            platform,
            index: addressIndex,
            replaced: gone === "replaced",
          })),
          posts: posts.map(({ id, post, deputy, unit }) => ({ id, unit: unit.code, post: post as PostName, deputy })),
        }
      : [],
  );
};

const POSTS_AT_ONCE = 20_000;

const posts = (db: Db, after: bigint) =>
  db.$queryRaw<{ id: bigint; unit: string }[]>`
    SELECT p."id", u."code" AS "unit" FROM "post" p JOIN "unit" u ON u."id" = p."unit_id"
    WHERE p."id" > ${after} ORDER BY p."id" LIMIT ${POSTS_AT_ONCE}`;

const holders = (db: Db, ids: readonly bigint[]) =>
  db.$queryRaw<Holder[]>`
    SELECT u."code" AS "unit", u."name" AS "unitName", h."post", h."deputy", p."uid", p."name_cell" AS "nameCell", k."wrapped"
    FROM "post" h JOIN "unit" u ON u."id" = h."unit_id" JOIN "person" p ON p."id" = h."person_id"
    LEFT JOIN "person_key" k ON k."person_id" = p."id"
    WHERE h."id" = ANY (${[...ids]}::bigint[]) ORDER BY u."lft", h."id"`;

/** What an import is compared with. */
export const rosterReader = (db: Db): Pick<RosterStore, "units" | "find" | "people" | "posts" | "holders"> => ({
  units: () => units(db),
  find: (sought) => find(db, sought),
  people: (uids) => people(db, uids),
  posts: (after) => posts(db, after),
  holders: (ids) => holders(db, ids),
});
