import { type Audience, namedCodes } from "../domain/audience.ts";
import type { Db } from "./client.ts";
import { Prisma } from "./generated/client.ts";

const joined = (parts: readonly Prisma.Sql[], word: "AND" | "OR"): Prisma.Sql =>
  Prisma.sql`(${Prisma.join([...parts], ` ${word} `)})`;

/** Where named units stand in the tree, by their codes. */
export type Places = ReadonlyMap<string, { readonly lft: number; readonly rgt: number }>;

/**
 * Looks up where the units stand that an audience names. Only when it knows the numbers does the database see whether a
 * subtree is a village or half the country, and reads it accordingly.
 */
export const placesOf = async (db: Db | Prisma.TransactionClient, audience: Audience): Promise<Places> => {
  const found = await db.unit.findMany({
    where: { code: { in: [...namedCodes(audience)] } },
    select: { code: true, lft: true, rgt: true },
  });
  return new Map(found.map(({ code, lft, rgt }) => [code, { lft, rgt }]));
};

/** Whether every one of these units still stands where it was found: an import may move them at any time. */
export const standStill = async (db: Db | Prisma.TransactionClient, places: Places): Promise<boolean> => {
  const still = await db.unit.count({
    where: { OR: [...places].map(([code, { lft, rgt }]) => ({ code, lft, rgt })) },
  });
  return still === places.size;
};

/** No unit has that code: no unit lies within it. */
const within = (place: { readonly lft: number; readonly rgt: number } | undefined): Prisma.Sql =>
  place ? Prisma.sql`u."lft" BETWEEN ${place.lft}::int AND ${place.rgt}::int` : Prisma.sql`FALSE`;

/** A list that was never filled in holds nothing; it is not unknown whether it does. */
const has = (value: string, list: Prisma.Sql): Prisma.Sql => Prisma.sql`coalesce(${value} = ANY (${list}), FALSE)`;

/**
 * An audience as a condition on a unit `u` and an office `p`. Every word of the author becomes a parameter, never text
 * of the statement.
 */
export const audienceSql = (audience: Audience, places: Places): Prisma.Sql => {
  switch (audience.kind) {
    case "all":
      return Prisma.sql`TRUE`;
    case "watch":
      return Prisma.sql`u."watch"`;
    case "within":
      return within(places.get(audience.code));
    case "unit":
      return Prisma.sql`u."code" = ${audience.code}`;
    case "kind":
      return Prisma.sql`u."kind" = ${audience.value}`;
    case "industry":
      return has(audience.value, Prisma.sql`u."industries"`);
    case "site":
      return has(audience.value, Prisma.sql`u."site_types"`);
    case "grade":
      return Prisma.sql`u."grade" IS NOT DISTINCT FROM ${audience.value}`;
    case "post":
      return Prisma.sql`p."post" = ${audience.value}`;
    case "not":
      return Prisma.sql`NOT ${audienceSql(audience.of, places)}`;
    default:
      return joined(
        audience.of.map((part) => audienceSql(part, places)),
        audience.kind === "and" ? "AND" : "OR",
      );
  }
};
