import type { Card } from "../../dialogue/screen.ts";
import type { Address } from "../../domain/address.ts";

export type ChatBody =
  | { readonly side: "ours"; readonly card: Card }
  /** What the person pressed or wrote, as it read. */
  | { readonly side: "theirs"; readonly text: string };

export interface ChatMessage {
  readonly ref: string;
  /** Numbers the changes of this chat in commit order, without gaps. */
  readonly seq: bigint;
  /** Service time. */
  readonly at: Date;
  readonly body: ChatBody;
}

export interface NewChatMessage {
  readonly chat: string;
  /** The same message for ever: writing it again changes nothing. */
  readonly key: string;
  readonly body: ChatBody;
  readonly at: Date;
}

/** What the web chat remembers. */
export interface ChatStore {
  /** Writes messages, in order; returns each one's ref (that of the first writing, for a repeated key) or null for an unknown chat. */
  append(messages: readonly NewChatMessage[]): Promise<readonly (string | null)[]>;
  /** Replaces the card of one of our messages; false when there is none. An equal card changes nothing and is true. */
  redraw(chat: string, ref: string, card: Card): Promise<boolean>;
  /** The latest `limit` messages, oldest first, and those before `before` (a ref) for reading back. */
  history(chat: string, limit: number, before?: string): Promise<readonly ChatMessage[]>;
  /** One message; null when this chat has none by that ref. */
  find(chat: string, ref: string): Promise<ChatMessage | null>;
  /** Messages written or redrawn after change `seq`, oldest change first, at most `limit`. */
  changes(chat: string, seq: bigint, limit: number): Promise<readonly ChatMessage[]>;
  /** The number of the latest change of each of these chats, 0 where nothing was written yet; one query however many. */
  heads(chats: readonly string[]): Promise<ReadonlyMap<string, bigint>>;
  /** Who the chat belongs to, for the page around it. Null for an unknown chat. */
  reader(address: Address): Promise<ChatReader | null>;
  setLargeType(address: Address, large: boolean): Promise<void>;
}

export interface ChatReader {
  readonly name: string;
  /** The unit through which the person is known first. */
  readonly unitName: string | null;
  /** The language they chose; null where they never did. */
  readonly locale: string | null;
  readonly largeType: boolean;
}
