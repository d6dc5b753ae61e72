import type { PersonId } from "../domain/ids.ts";
import type { Keys, PersonCells } from "../ports/keys.ts";
import type { Prisma } from "./generated/client.ts";

/** Opens one person's data key. Throws for a person whose key was dropped: their data is gone for good. */
export const personCells = async (
  tx: Prisma.TransactionClient,
  keys: Keys,
  { person, uid }: { readonly person: PersonId; readonly uid: string },
): Promise<PersonCells> => {
  const row = await tx.personKey.findUniqueOrThrow({ where: { personId: person } });
  return keys.person(uid, row.wrapped);
};
