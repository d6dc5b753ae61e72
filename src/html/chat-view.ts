import type { Locale } from "../domain/language.ts";
import type { Html } from "./html.ts";

/** A chat on a page. */
export interface ChatPlace {
  readonly chat: string;
  /** The path its forms post under. */
  readonly base: string;
  /** The id of its log's element; one of a kind on the page. */
  readonly log: string;
}

/** A message that is new or was redrawn: the number of the change, and the data of a `turn` event for the page's script. */
export interface TurnChange {
  readonly seq: bigint;
  readonly data: string;
}

/** Chats drawn for pages that hold more than one of them: what the phones of the demo are made of. */
export interface ChatView {
  /** The log and the composer of a chat, and the change at which they stand; null for an unknown chat. */
  draw(place: ChatPlace, locale: Locale): Promise<{ readonly markup: Html; readonly seq: bigint } | null>;
  /** Sends what changes after `seq`, in order, until `signal` aborts. */
  follow(
    from: ChatPlace & { readonly seq: bigint; readonly locale: Locale },
    send: (change: TurnChange) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void>;
}
