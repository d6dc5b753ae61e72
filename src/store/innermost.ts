import { Prisma } from "./generated/client.ts";

interface Bounds {
  readonly lft: number;
  readonly rgt: number;
}

/** A column of SQL made from each of some rows; `type` is PostgreSQL's. */
export interface Column<Row> {
  readonly name: string;
  readonly type: "timestamptz" | "bigint" | "int" | "text" | "boolean";
  readonly of: (row: Row) => Date | bigint | number | string | boolean | null;
}

/**
 * For a unit at `lft`, one row of those that hold for it: of several the last. To be joined laterally. Nearly always there is
 * one alone, and then it is constants.
 */
export const innermost = <Row extends Bounds>(
  lft: Prisma.Sql,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): Prisma.Sql => {
  const [only, ...more] = rows;
  const cast = (type: string, array: boolean) => Prisma.raw(`::${type}${array ? "[]" : ""}`);
  const named = (name: string) => Prisma.raw(`"${name}"`);
  if (only && more.length === 0)
    return Prisma.sql`(SELECT ${Prisma.join(columns.map(({ name, type, of }) => Prisma.sql`${of(only)}${cast(type, false)} AS ${named(name)}`))})`;
  const arrays = columns.map(({ type, of }) => Prisma.sql`${rows.map(of)}${cast(type, true)}`);
  const names = columns.map(({ name }) => named(name));
  return Prisma.sql`(
    SELECT ${Prisma.join(names.map((name) => Prisma.sql`t.${name}`))}
    FROM unnest(${rows.map((row) => row.lft)}::int[], ${rows.map((row) => row.rgt)}::int[], ${Prisma.join(arrays)})
      WITH ORDINALITY AS t("lft", "rgt", ${Prisma.join(names)}, "nth")
    WHERE ${lft} BETWEEN t."lft" AND t."rgt" ORDER BY t."nth" DESC LIMIT 1)`;
};
