import type { QueueFacts } from "./server-facts.ts";

/** A hint that something is to do, with the id to read it by. Losing one costs seconds: a sweep finds the work anyway. */
export type Hint =
  | { readonly name: "dispatch"; readonly id: string } // a platform
  | { readonly name: "answer"; readonly id: string } // an inbound event
  | { readonly name: "seal"; readonly id: string }
  | { readonly name: "chase"; readonly id: string }; // a moment at which something is due

export interface Queue {
  /** Never inside a transaction, never rejects: an unreachable queue is logged once and the sweep takes over. */
  hint(...hints: readonly Hint[]): Promise<void>;
  /**
   * Gives hints later, each after so many milliseconds; one of a name and id alone waits. Only for what is due soon: what is due
   * next month is no burden to the queue. Never rejects.
   */
  later(...hints: readonly { readonly hint: Hint; readonly afterMs: number }[]): Promise<void>;
  /** Starts to take hints; each is handed out once, to one process, `seconds` after it was given. */
  work(run: (hint: Hint, seconds: number) => Promise<void>): Promise<void>;
  /** What an operator should know about the queue's backend, as one word each: "evicts", "volatile", "old". */
  warnings(): Promise<readonly string[]>;
  /** What the queue's own server tells about itself; null where the queue lies on the database. Throws when it does not answer. */
  facts(): Promise<QueueFacts | null>;
  /** Throws with the reason when the queue's backend does not answer. */
  ping(): Promise<void>;
  /** Takes no more hints and finishes those under way. */
  stop(): Promise<void>;
}
