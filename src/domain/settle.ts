import type { Address } from "./address.ts";
import type { SendOutcome } from "./delivery.ts";

/** What becomes of a claimed delivery. */
export type Next =
  /** It stands in the chat as it was drawn. */
  | { readonly kind: "drawn"; readonly ref: string }
  /** To be tried again after `ms`: this message alone, everything for its chat, everything by its method, or everything. */
  | {
      readonly kind: "again";
      readonly ms: number;
      readonly scope: "message" | "chat" | "method" | "bot";
      /** How many claims have come to nothing since the platform last answered. */
      readonly attempts: number;
    }
  /** The address has changed. */
  | { readonly kind: "readdressed"; readonly to: Address }
  | { readonly kind: "doubted" }
  /** Never to be tried again. A message that stands in the chat already keeps standing as it is. */
  | { readonly kind: "gone" | "refused"; readonly why: string }
  /** Of no use any more before it was sent: never to be tried again, and nobody's fault. */
  | { readonly kind: "moot" }
  /** Nothing has left: the claim is given back as if it had never been. */
  | { readonly kind: "returned" };

interface Attempt {
  readonly work: "send" | "redraw";
  /** How often it was claimed since the platform last answered, this time included. */
  readonly attempts: number;
}

const MOST_ATTEMPTS = 5;
/** A platform that asks for no wait at all would be asked again without end. */
const SHORTEST_WAIT_MS = 100;
const LONGEST_BACKOFF_MS = 60_000;

const backoff = (attempts: number): number => Math.min(LONGEST_BACKOFF_MS, 250 * 2 ** Math.min(attempts, 16));

const alone = (attempts: number): Next => ({ kind: "again", ms: backoff(attempts), scope: "message", attempts });

/**
 * What an outcome means for the delivery. `repeatable`: sending it once more cannot double it, so a doubt is settled by
 * trying again; drawing again is so everywhere.
 */
export const settle = (outcome: SendOutcome, { work, attempts }: Attempt, repeatable: boolean): Next => {
  switch (outcome.kind) {
    case "sent":
      return { kind: "drawn", ref: outcome.ref };
    case "later":
      return { kind: "again", ms: Math.max(SHORTEST_WAIT_MS, outcome.ms), scope: outcome.scope, attempts: 0 };
    case "moved":
      return attempts < MOST_ATTEMPTS
        ? { kind: "readdressed", to: outcome.to }
        : { kind: "refused", why: "moved-in-circles" };
    case "in-doubt":
      return repeatable || work === "redraw" ? alone(attempts) : { kind: "doubted" };
    case "gone":
    case "refused":
      return { kind: outcome.kind, why: outcome.why };
  }
};

/** What becomes of a message that could not even be drawn: a few more tries, for it may be the moment's fault. */
export const undrawn = (attempts: number): Next =>
  attempts < MOST_ATTEMPTS ? alone(attempts) : { kind: "refused", why: "cannot-be-drawn" };
