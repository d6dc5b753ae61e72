import type { Address } from "./address.ts";

/** `folded`: it waits for the next digest, which tells it, and does not go out by itself. */
export const DELIVERY_STATES = [
  "pending",
  "folded",
  "sending",
  "sent",
  "delivered",
  "seen",
  "in-doubt",
  "gone",
  "refused",
  "stopped",
] as const;

/**
 * `recalled` and `released` tell somebody once that a notice they had is over, or over for them. `todo` and `proxy` are
 * lists that a person asked for; they redraw themselves like a notice's card. `form` asks a question of a form, `approval`
 * whether somebody may enrol. The last five are the clock's: a reminder of a notice, the same to a deputy, what is overdue below a
 * unit, what its people have to do themselves, and the morning's digest. While two releases run side by side there may be others in the database, which are the newer
 * one's to send.
 */
export const DELIVERY_KINDS = [
  ...(["notice", "recalled", "released", "reply", "todo", "proxy", "form", "approval"] as const),
  ...(["reminder", "deputy", "above", "task", "digest"] as const),
] as const;

export type DeliveryKind = (typeof DELIVERY_KINDS)[number];

/** A warning overtakes everything; an answer to a tap never waits behind a broadcast. */
export const LANES = ["urgent", "reply", "bulk"] as const;

export type Lane = (typeof LANES)[number];

/** What became of an attempt to send or to redraw. Expected failures are values; only bugs are thrown. */
export type SendOutcome =
  | { readonly kind: "sent"; readonly ref: string }
  /** The platform asks to wait: as a whole, for this chat, or for this method. */
  | { readonly kind: "later"; readonly ms: number; readonly scope: "bot" | "chat" | "method" }
  /** Nothing can reach this address any more. */
  | { readonly kind: "gone"; readonly why: string }
  /** The address has changed; sent again at once to the new one. */
  | { readonly kind: "moved"; readonly to: Address }
  /** The platform will never take this message. */
  | { readonly kind: "refused"; readonly why: string }
  /** The request may have arrived. Never repeated blindly. */
  | { readonly kind: "in-doubt" };
