import type { PersonId } from "../../domain/ids.ts";
import type { ChatReader } from "./chat-store.ts";

/** Who may come in by the web. All times are real. */
export interface AccessStore {
  /** Stores one-time links, and gives each of their people a web account where they have none. Skips who was erased. */
  addLinks(
    links: readonly { readonly person: PersonId; readonly tokenHash: Uint8Array }[],
    expiresAt: Date,
  ): Promise<void>;
  /** Ends all unused links and all sessions of these people; returns how many there were. */
  revoke(people: readonly PersonId[]): Promise<number>;
  /** Whom an unused, unexpired link is for; changes nothing. */
  peek(tokenHash: Uint8Array, real: Date): Promise<ChatReader | null>;
  /** Uses up a link and opens a session, once; null when it was used, expired or never was. Returns the web chat it opens. */
  redeem(
    tokenHash: Uint8Array,
    session: { readonly idHash: Uint8Array; readonly expiresAt: Date },
    real: Date,
  ): Promise<string | null>;
  /** The web chat of a live session; prolongs it (at most once an hour). */
  session(idHash: Uint8Array, expiresAt: Date, real: Date): Promise<string | null>;
  /** Which of these sessions are still alive. */
  alive(idHashes: readonly Uint8Array[], real: Date): Promise<readonly boolean[]>;
  endSession(idHash: Uint8Array): Promise<void>;
}
