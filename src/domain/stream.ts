/**
 * The queues of one bot, in the order in which they get the next free slot: the three lanes, with the cards to be
 * drawn again between the answers and the broadcasts.
 */
export const STREAMS = ["urgent", "reply", "redraw", "bulk"] as const;

export type Stream = (typeof STREAMS)[number];
