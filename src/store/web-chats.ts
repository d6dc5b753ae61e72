import type { Keys, PersonCells } from "../ports/keys.ts";
import type { Db } from "./client.ts";

/** The account behind a web chat, with its person's cells. */
export interface WebChat {
  readonly account: bigint;
  readonly person: bigint;
  readonly cells: PersonCells;
}

interface Row {
  id: bigint;
  person_id: bigint;
  address_index: Uint8Array;
  uid: string;
  wrapped: Uint8Array;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** Each chat's keyed indexes, under every root key. */
export const chatIndexes = (keys: Keys, chats: readonly string[]): ReadonlyMap<string, string> =>
  new Map(chats.flatMap((chat) => keys.indexes("address", chat).map((index) => [hex(index), chat] as const)));

export const indexBytes = (indexes: ReadonlyMap<string, string>): Buffer[] =>
  [...indexes.keys()].map((index) => Buffer.from(index, "hex"));

/** The accounts behind these web chats, by chat, in one query. A person who was erased has none any more. */
export const webChats = async (db: Db, keys: Keys, chats: readonly string[]): Promise<ReadonlyMap<string, WebChat>> => {
  const indexes = chatIndexes(keys, [...new Set(chats)]);
  const rows = await db.$queryRaw<Row[]>`
    SELECT a."id", a."person_id", a."address_index", p."uid", k."wrapped"
    FROM "account" a JOIN "person" p ON p."id" = a."person_id" JOIN "person_key" k ON k."person_id" = p."id"
    WHERE a."platform" = 'web' AND a."address_index" = ANY (${indexBytes(indexes)}::bytea[])`;
  return new Map(
    rows.map((row) => [
      indexes.get(hex(row.address_index)) as string,
      { account: row.id, person: row.person_id, cells: keys.person(row.uid, row.wrapped) },
    ]),
  );
};

export const webChat = async (db: Db, keys: Keys, chat: string): Promise<WebChat | null> =>
  (await webChats(db, keys, [chat])).get(chat) ?? null;
