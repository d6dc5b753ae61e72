import type { Keys, PersonCells } from "../ports/keys.ts";
import type { ChatBody, ChatMessage, ChatStore } from "../ports/store/chat-store.ts";
import { appendMessages } from "./append-messages.ts";
import { chatReader } from "./chat-reader.ts";
import type { Db } from "./client.ts";
import { readJson, writeJson } from "./int64-json.ts";
import { chatIndexes, indexBytes, webChat } from "./web-chats.ts";

interface Row {
  id: bigint;
  seq: bigint;
  at: Date;
  body: Uint8Array;
}

const PLACE = "chat_message.body";

const messageOf =
  (cells: PersonCells) =>
  ({ id, seq, at, body }: Row): ChatMessage => ({
    ref: String(id),
    seq,
    at,
    body: readJson(cells.open(PLACE, body)) as ChatBody,
  });

/** A ref of ours; null for text that is none. */
const idOf = (ref: string): bigint | null => (/^\d{1,18}$/.test(ref) ? BigInt(ref) : null);

const reading = (db: Db, keys: Keys): Pick<ChatStore, "history" | "find" | "changes" | "heads"> => ({
  async history(chat, limit, before) {
    const found = await webChat(db, keys, chat);
    if (!found) return [];
    const id = before === undefined ? null : idOf(before);
    const rows = await db.chatMessage.findMany({
      where: { accountId: found.account, ...(id !== null && { id: { lt: id } }) },
      orderBy: { id: "desc" },
      take: limit,
    });
    return rows.reverse().map(messageOf(found.cells));
  },

  async find(chat, ref) {
    const id = idOf(ref);
    const found = id === null ? null : await webChat(db, keys, chat);
    if (!found || id === null) return null;
    const row = await db.chatMessage.findFirst({ where: { id, accountId: found.account } });
    return row && messageOf(found.cells)(row);
  },

  async changes(chat, seq, limit) {
    const found = await webChat(db, keys, chat);
    if (!found) return [];
    const where = { accountId: found.account, seq: { gt: seq } };
    const rows = await db.chatMessage.findMany({ where, orderBy: { seq: "asc" }, take: limit });
    return rows.map(messageOf(found.cells));
  },

  async heads(chats) {
    const indexes = chatIndexes(keys, chats);
    const rows = await db.$queryRaw<{ index: Uint8Array; seq: bigint }[]>`
      SELECT a."address_index" AS "index", coalesce(l."seq", 0) AS "seq"
      FROM "account" a LEFT JOIN "chat_log" l ON l."account_id" = a."id"
      WHERE a."platform" = 'web' AND a."address_index" = ANY (${indexBytes(indexes)}::bytea[])`;
    return new Map(rows.map((row) => [indexes.get(Buffer.from(row.index).toString("hex")) as string, row.seq]));
  },
});

/** What the web chat remembers. Every body is closed under its person's key. */
export const chatStore = (db: Db, keys: Keys): ChatStore => ({
  ...reading(db, keys),

  append: (messages) => appendMessages(db, keys, messages),

  async redraw(chat, ref, card) {
    const id = idOf(ref);
    const found = id === null ? null : await webChat(db, keys, chat);
    if (!found || id === null) return false;
    const old = await db.chatMessage.findFirst({ where: { id, accountId: found.account } });
    const before = old && found.cells.open(PLACE, old.body);
    const after = writeJson({ side: "ours", card } satisfies ChatBody);
    if (!before || (readJson(before) as ChatBody).side !== "ours") return false;
    if (before === after) return true;
    await db.$executeRaw`
      WITH turned AS (
        UPDATE "chat_log" SET "seq" = "seq" + 1 WHERE "account_id" = ${found.account} RETURNING "seq")
      UPDATE "chat_message" m SET "body" = ${found.cells.seal(PLACE, after)}::bytea, "seq" = turned."seq"
      FROM turned WHERE m."id" = ${id}`;
    return true;
  },

  async reader({ chat }) {
    const found = await webChat(db, keys, chat);
    return found && chatReader(db, keys, found.person);
  },

  async setLargeType({ chat }, large) {
    const found = await webChat(db, keys, chat);
    if (found) await db.person.update({ where: { id: found.person }, data: { largeType: large } });
  },
});
