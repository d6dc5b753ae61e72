import type { Keys } from "../ports/keys.ts";
import type { NewChatMessage } from "../ports/store/chat-store.ts";
import type { Db } from "./client.ts";
import { writeJson } from "./int64-json.ts";
import { type WebChat, webChats } from "./web-chats.ts";

interface Entry extends NewChatMessage, WebChat {}

interface Written {
  id: bigint;
  account_id: bigint;
  key: string;
}

const name = (account: bigint, key: string): string => `${account} ${key}`;

/** Holds the logs of these chats to the end of the transaction, always in the same order, so that two writers cannot embrace. */
const hold = (db: Db, accounts: readonly bigint[]) => db.$executeRaw`
  INSERT INTO "chat_log" ("account_id", "seq")
  SELECT "account_id", 0 FROM unnest(${[...accounts]}::bigint[]) AS a ("account_id") ORDER BY "account_id"
  ON CONFLICT ("account_id") DO UPDATE SET "seq" = "chat_log"."seq"`;

/** A statement of its own after `hold`, so that it sees what the writer before it has committed. */
const write = (db: Db, entries: readonly Entry[]) => db.$queryRaw<Written[]>`
  WITH wanted AS (
    SELECT * FROM unnest(
      ${entries.map((entry) => entry.account)}::bigint[], ${entries.map((entry) => entry.key)}::text[],
      ${entries.map((entry) => entry.cells.seal("chat_message.body", writeJson(entry.body)))}::bytea[],
      ${entries.map((entry) => entry.at)}::timestamptz[]
    ) WITH ORDINALITY AS w ("account_id", "key", "body", "at", "n")),
  known AS (
    SELECT m."id", m."account_id", m."key" FROM "chat_message" m JOIN wanted w USING ("account_id", "key")),
  fresh AS (
    SELECT w.*, row_number() OVER (PARTITION BY w."account_id" ORDER BY w."n") AS "nth" FROM wanted w
    WHERE NOT EXISTS (SELECT FROM known k WHERE k."account_id" = w."account_id" AND k."key" = w."key")),
  counted AS (
    UPDATE "chat_log" l SET "seq" = l."seq" + c."count"
    FROM (SELECT "account_id", count(*) AS "count" FROM fresh GROUP BY "account_id") c
    WHERE l."account_id" = c."account_id"
    RETURNING l."account_id", l."seq" - c."count" AS "before"),
  written AS (
    INSERT INTO "chat_message" ("account_id", "key", "seq", "body", "at")
    SELECT f."account_id", f."key", c."before" + f."nth", f."body", f."at"
    FROM fresh f JOIN counted c USING ("account_id") ORDER BY f."n"
    RETURNING "id", "account_id", "key")
  SELECT * FROM written UNION ALL SELECT * FROM known`;

/** Writes messages of any chats together. The lock on a chat's log makes its numbers gapless and in commit order. */
export const appendMessages = async (
  db: Db,
  keys: Keys,
  messages: readonly NewChatMessage[],
): Promise<readonly (string | null)[]> => {
  const chats = await webChats(
    db,
    keys,
    messages.map((message) => message.chat),
  );
  const entries = new Map<string, Entry>();
  for (const message of messages) {
    const chat = chats.get(message.chat);
    const id = chat && name(chat.account, message.key);
    if (id && !entries.has(id)) entries.set(id, { ...message, ...chat });
  }
  if (entries.size === 0) return messages.map(() => null);
  const wanted = [...entries.values()];
  const accounts = [...new Set(wanted.map((entry) => entry.account))];
  const [, rows] = await db.$transaction([hold(db, accounts), write(db, wanted)]);
  const refs = new Map(rows.map((row) => [name(row.account_id, row.key), String(row.id)]));
  return messages.map((message) => {
    const chat = chats.get(message.chat);
    return (chat && refs.get(name(chat.account, message.key))) ?? null;
  });
};
