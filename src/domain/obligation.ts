export const OBLIGATION_STATES = ["open", "fulfilled", "excused", "cancelled"] as const;

export type ObligationState = (typeof OBLIGATION_STATES)[number];

/** How long an answer can be taken back, in milliseconds. */
export const TAKE_BACK_MS = 2 * 60_000;
