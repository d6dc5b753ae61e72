import type { Audience } from "../domain/audience.ts";
import { Prisma } from "./generated/client.ts";

const joined = (parts: readonly Prisma.Sql[], word: "AND" | "OR"): Prisma.Sql =>
  Prisma.sql`(${Prisma.join([...parts], ` ${word} `)})`;

/** The bounds of a named unit; no unit has that code, no unit lies within it. */
const withinCode = (code: string): Prisma.Sql =>
  Prisma.sql`EXISTS (SELECT FROM "unit" top WHERE top."code" = ${code} AND u."lft" BETWEEN top."lft" AND top."rgt")`;

/** A list that was never filled in holds nothing; it is not unknown whether it does. */
const has = (value: string, list: Prisma.Sql): Prisma.Sql => Prisma.sql`coalesce(${value} = ANY (${list}), FALSE)`;

/**
 * An audience as a condition on a unit `u` and an office `p`. Every word of the author becomes a parameter, never text
 * of the statement.
 */
export const audienceSql = (audience: Audience): Prisma.Sql => {
  switch (audience.kind) {
    case "all":
      return Prisma.sql`TRUE`;
    case "watch":
      return Prisma.sql`u."watch"`;
    case "within":
      return withinCode(audience.code);
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
      return Prisma.sql`NOT ${audienceSql(audience.of)}`;
    default:
      return joined(audience.of.map(audienceSql), audience.kind === "and" ? "AND" : "OR");
  }
};
