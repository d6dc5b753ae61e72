import { Prisma } from "./generated/client.ts";

/** The title of the notice "n" in this language, else in its first one; for a query to select. */
export const titleIn = (locale: Prisma.Sql): Prisma.Sql => Prisma.sql`(
  SELECT t."title" FROM "notice_text" t WHERE t."notice_id" = n."id"
  ORDER BY (t."locale" = ${locale}) DESC NULLS LAST, (t."locale" = n."locale") DESC LIMIT 1)`;
