/** An entry of the ledger as it reads; `kind` may be one that this release does not know. */
export interface EntryFacts {
  readonly kind: string;
  readonly id: string;
  /** ISO, UTC. */
  readonly at: string;
  readonly actor: string;
  readonly subject: Readonly<Record<string, string>>;
  readonly contentHash: string | null;
  readonly how: string;
}
