import type { NoticeState } from "../domain/notice.ts";
import type { LatestVersion } from "../ports/store/answer-store.ts";
import type { Prisma } from "./generated/client.ts";

interface Row {
  number: string;
  state: string;
  owed: boolean;
}

/** What stands in the place of a notice now, and whether this person, or somebody for this unit, still owes it an answer. */
export const latestVersion = async (
  tx: Prisma.TransactionClient,
  number: string,
  who: { readonly person: bigint; readonly unitCode: string | null },
): Promise<LatestVersion | null> => {
  const [found] = await tx.$queryRaw<Row[]>`
    WITH RECURSIVE later AS (
      SELECT s."id", s."number", s."state", s."version" FROM "notice" s JOIN "notice" n ON s."supersedes_id" = n."id"
      WHERE n."number" = ${number}
      UNION ALL
      SELECT s."id", s."number", s."state", s."version" FROM "notice" s JOIN later ON s."supersedes_id" = later."id")
    SELECT later."number", later."state",
           EXISTS (SELECT FROM "obligation" o JOIN "unit" u ON u."id" = o."unit_id"
                   WHERE o."notice_id" = later."id" AND o."state" = 'open' AND u."code" = ${who.unitCode}::text)
           OR EXISTS (SELECT FROM "asked" k JOIN "obligation" o ON o."id" = k."obligation_id"
                      WHERE k."person_id" = ${who.person} AND o."notice_id" = later."id" AND o."state" = 'open'
                        AND NOT EXISTS (SELECT FROM "answer" a WHERE a."obligation_id" = o."id"
                                          AND a."person_id" = ${who.person} AND a."taken_back_at" IS NULL)) AS "owed"
    FROM later ORDER BY later."version" DESC LIMIT 1`;
  return found ? { ...found, state: found.state as NoticeState } : null;
};
