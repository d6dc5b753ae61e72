import type { Keys } from "../ports/keys.ts";
import type { ChatReader } from "../ports/store/chat-store.ts";
import type { Db } from "./client.ts";

/** A person as the page around their chat knows them. Null for who is unknown or was erased. */
export const chatReader = async (db: Db, keys: Keys, person: bigint): Promise<ChatReader | null> => {
  const found = await db.person.findUnique({
    where: { id: person },
    select: {
      uid: true,
      nameCell: true,
      locale: true,
      largeType: true,
      key: true,
      posts: { orderBy: { id: "asc" }, take: 1, select: { unit: { select: { name: true } } } },
    },
  });
  if (!found?.key) return null;
  return {
    name: keys.person(found.uid, found.key.wrapped).open("person.name_cell", found.nameCell),
    unitName: found.posts[0]?.unit.name ?? null,
    locale: found.locale,
    largeType: found.largeType,
  };
};
