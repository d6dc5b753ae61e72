import type { Lane } from "./delivery.ts";

/**
 * The queues of one bot, in the order in which they get the next free slot: the three lanes, with the cards to be
 * drawn again between the answers and the broadcasts.
 */
export const STREAMS = ["urgent", "reply", "redraw", "bulk"] as const;

export type Stream = (typeof STREAMS)[number];

/** Which queue a piece of work waits in. */
export const streamOf = ({ work, lane }: { readonly work: "send" | "redraw"; readonly lane: Lane }): Stream =>
  work === "redraw" ? "redraw" : lane;
