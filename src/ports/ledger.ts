/** What happened, for the ledger. Pseudonymous: people by uid, everything else by public number or id. Strings only. */
export interface LedgerEvent {
  readonly kind:
    | "published"
    | "acknowledged"
    | "acknowledged-by-proxy"
    | "taken-back"
    | "excused"
    | "imported"
    | "link-issued";
  /** Service time. */
  readonly at: Date;
  /** The uid of who did it; "operator" for the command line, "service" for what happens by itself. */
  readonly actor: string;
  /** What it concerns, by field. */
  readonly subject: Readonly<Record<string, string>>;
  /** The hash of the words the person was shown or the issuer published; null where none were. */
  readonly contentHash: string | null;
  readonly how: "tap" | "proxy" | "paper" | "command" | "rule";
}

/** Turns an event into the canonical bytes that are stored, hashed and signed as they are (RFC 8785). */
export type EntryBytes = (event: LedgerEvent) => Uint8Array;
