import type { EventFeed, ServerEvent } from "../ports/route.ts";

export interface StreamOptions {
  /** A `beat` this often tells both ends that the other lives. */
  readonly heartbeatMs: number;
  /** A reader that has not made room for so long is dropped; its browser comes back by itself. */
  readonly slowMs: number;
  /** Aborts when the server stops. */
  readonly stopping: AbortSignal;
  /** Called once, when the stream has ended; with the error when the feed broke. */
  ended(error: unknown): void;
}

/** How much may wait for a reader before `send` waits too. */
const BUFFER_BYTES = 64 * 1024;
const RETRY_MS = 2_000;
/** An event, for a page cannot hear a comment. */
const BEAT = "event: beat\ndata: []\n\n";

const written = ({ id, name, data }: ServerEvent): string =>
  `id: ${id}\nevent: ${name}\n${data
    .split("\n")
    .map((line) => `data: ${line}\n`)
    .join("")}\n`;

/** Waiting for a reader: one wait at a time, however many writers share it. */
const waitingRoom = (slowMs: number, drop: () => void) => {
  let wait: { readonly room: Promise<void>; readonly open: () => void } | null = null;
  return {
    enter: (): Promise<void> => {
      if (wait) return wait.room;
      let resolve = (): void => {};
      const room = new Promise<void>((done) => {
        resolve = done;
      });
      const slow = setTimeout(drop, slowMs);
      const open = (): void => {
        clearTimeout(slow);
        wait = null;
        resolve();
      };
      wait = { room, open };
      return room;
    },
    open: (): void => wait?.open(),
  };
};

/** Serves a feed as `text/event-stream` (HTML standard, 9.2 Server-sent events). */
export const eventStream = (feed: EventFeed, options: StreamOptions): Response => {
  const gone = new AbortController();
  const drop = (): void => gone.abort();
  const waiting = waitingRoom(options.slowMs, drop);
  const encoder = new TextEncoder();

  const start = (out: ReadableStreamDefaultController<Uint8Array>): void => {
    const write = async (text: string): Promise<void> => {
      if (gone.signal.aborted) return;
      out.enqueue(encoder.encode(text));
      if ((out.desiredSize ?? 0) <= 0) await waiting.enter();
    };
    const heart = setInterval(() => void write(BEAT), options.heartbeatMs);
    const end = (error: unknown): void => {
      clearInterval(heart);
      options.stopping.removeEventListener("abort", drop);
      waiting.open();
      try {
        out.close();
      } catch {
        // Its reader has cancelled it, which closed it already.
      }
      options.ended(error);
    };
    let failure: unknown = null;
    gone.signal.addEventListener("abort", () => end(failure), { once: true });
    options.stopping.addEventListener("abort", drop);
    void write(`retry: ${RETRY_MS}\n\n`);
    feed
      .run((event) => write(written(event)), gone.signal)
      .catch((error: unknown) => {
        failure = error;
      })
      .finally(drop);
    if (options.stopping.aborted) drop();
  };

  const body = new ReadableStream<Uint8Array>(
    { start, pull: waiting.open, cancel: drop },
    new ByteLengthQueuingStrategy({ highWaterMark: BUFFER_BYTES }),
  );
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    },
  });
};
