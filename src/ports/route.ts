import type { PlatformName } from "../domain/platform.ts";

/** A request and what the server knows about it beyond its bytes. */
export interface Visit {
  readonly request: Request;
  /** Named segments of the path. */
  readonly params: Readonly<Record<string, string>>;
  /** The other end's network address. */
  readonly ip: string;
}

export interface ServerEvent {
  /** What a browser sends back as `Last-Event-ID` after a break. */
  readonly id: string;
  readonly name: string;
  readonly data: string;
}

/** A stream of server-sent events. The server adds heartbeats, drops slow readers, and aborts `signal` when it ends. */
export interface EventFeed {
  readonly kind: "events";
  /** Whose stream it is: one key may have three at once, a fourth is refused (429). */
  readonly key: string;
  /** Sends until `signal` aborts; when it resolves earlier, the stream ends. `send` waits for a slow reader. */
  run(send: (event: ServerEvent) => Promise<void>, signal: AbortSignal): Promise<void>;
}

/**
 * What a webhook turns away: not proved to come from its platform, too old, or not to be read; or nobody takes events just now,
 * and the platform is to come again. The server answers for it, and counts it.
 */
export interface Refused {
  readonly kind: "refused";
  readonly platform: PlatformName;
  readonly reason: "forged" | "stale" | "unreadable" | "not-taken";
}

/** One path of the HTTP interface, in web-standard terms, so that whoever offers it needs no HTTP library. */
export interface Route {
  readonly method: "GET" | "POST";
  /** Segments beginning with ":" are named parameters. */
  readonly path: string;
  /** "tight" for what could be guessed at: few answers of 400 and above a minute and address. */
  readonly rate: "normal" | "tight";
  /** Who may call it: the pages of this origin, or machines that prove themselves (webhooks). */
  readonly from: "pages" | "machines";
  handle(visit: Visit): Promise<Response | EventFeed | Refused>;
}
