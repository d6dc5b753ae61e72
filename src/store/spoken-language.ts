import type { Locale } from "../domain/language.ts";
import type { Prisma } from "./generated/client.ts";

/** Somebody has chosen their language: from now on, and on the cards that they have (a form's past questions stay as asked). */
export const speakTo = async (tx: Prisma.TransactionClient, person: bigint, locale: Locale): Promise<void> => {
  await tx.person.update({ where: { id: person }, data: { locale, localeChosen: true } });
  await tx.$executeRaw`
    UPDATE "delivery" SET "wanted_rev" = "wanted_rev" + 1
    WHERE "person_id" = ${person} AND "kind" <> 'form' AND "state" NOT IN ('gone', 'refused', 'stopped')`;
};
