/** What a server answered. */
export interface HttpAnswer {
  readonly kind: "answered";
  readonly status: number;
  /** What `Retry-After` asks for, in seconds; null where it asks for nothing that reads as such. */
  readonly retryAfter: number | null;
  /** The parsed body; null for anything that is not JSON, such as a proxy's page. */
  readonly body: unknown;
}

/**
 * Why there is no answer: nothing has left this machine, or the request may have arrived. The two are never mixed, for
 * what may have arrived must not be repeated blindly.
 */
export interface NoAnswer {
  readonly kind: "not-sent" | "unknown";
  /** A code of the network's, such as ECONNREFUSED; never an address, for a platform's token may be part of it. */
  readonly why: string;
}

/** A body on its way; or the status of an answer that has none for us. */
export type HttpStream =
  | {
      readonly kind: "stream";
      /** As the server says it will be. */
      readonly bytes: number | null;
      /** Throws where it breaks off. */
      readonly body: AsyncIterable<Uint8Array>;
      /** For whoever does not begin to read it. */
      leave(): Promise<void>;
    }
  | { readonly kind: "answered"; readonly status: number };

/** A connection to one origin. */
export interface Http {
  /** Posts JSON. Never rejects. `signal` ends it early, and then it is `unknown` what became of it. */
  post(
    path: string,
    body: object,
    options: { readonly signal: AbortSignal; readonly headers?: Readonly<Record<string, string>> },
  ): Promise<HttpAnswer | NoAnswer>;
  /** Gets what is there, and from nowhere else: a redirect is a status like any other. Never rejects. */
  get(path: string, options: { readonly signal: AbortSignal }): Promise<HttpStream | NoAnswer>;
  close(): Promise<void>;
}
