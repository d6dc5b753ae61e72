import { setTimeout as sleep } from "node:timers/promises";
import type { Heard } from "./hear.ts";
import type { SlackParts } from "./parts.ts";
import { socket } from "./socket.ts";

/**
 * Who listens: at most two processes, each under a lease of its own, so that one goes on at once where the other ends. Slack
 * lets an app have ten connections and sends each event over one of them.
 */
const LEASES = ["slack-socket-1", "slack-socket-2"] as const;
const LEASE_MS = 20_000;
const RENEW_MS = 5_000;
/** Slack takes a connection away now and then; with a second one nothing is lost meanwhile. */
const AT_ONCE = 2;
/** A connection that lasted this long was a good one, and is followed by the next at once. */
const GOOD_MS = 10_000;
const RETRY_MS = [0, 1_000, 2_000, 5_000, 10_000, 30_000] as const;

interface SocketsParts {
  readonly parts: Pick<SlackParts, "apiUrl" | "leases" | "clock" | "log" | "holder">;
  readonly appToken: string;
  readonly hear: (body: object) => Promise<Heard>;
}

const pause = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => {});

/** Keeps one connection open while `signal` lasts; a failure is told once and tried again, ever more slowly. */
const keepOpen = async ({ parts, appToken, hear }: SocketsParts, signal: AbortSignal): Promise<void> => {
  let told = false;
  for (let failures = 0; !signal.aborted; ) {
    const began = performance.now();
    try {
      await socket({ appToken, hear, apiUrl: parts.apiUrl }, signal);
      told = false;
    } catch (err) {
      if (!told) parts.log.warn("slack-socket-failed", { variable: "SLACK_APP_TOKEN", err });
      told = true;
    }
    failures = performance.now() - began > GOOD_MS ? 0 : failures + 1;
    await pause(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 0, signal);
  }
};

/** A turn of listening. */
const listen = (listening: SocketsParts): { end(): Promise<unknown> } => {
  const over = new AbortController();
  const open = Array.from({ length: AT_ONCE }, () => keepOpen(listening, over.signal));
  return {
    end: () => {
      over.abort();
      return Promise.all(open);
    },
  };
};

/** Which of the leases is ours; null while others have them. */
const hold = async ({ leases, clock, holder }: SocketsParts["parts"], own: string | null): Promise<string | null> => {
  const real = clock.real();
  for (const name of own === null ? LEASES : [own])
    if (await leases.hold(name, holder, new Date(real.getTime() + LEASE_MS), real)) return name;
  return null;
};

/** Listens over sockets while it is this process's turn, until it is stopped. */
export const sockets = (listening: SocketsParts): { stop(): Promise<void> } => {
  const { parts } = listening;
  const over = new AbortController();
  const run = async (): Promise<void> => {
    let own: string | null = null;
    let turn: ReturnType<typeof listen> | null = null;
    while (!over.signal.aborted) {
      // Where the database is away the lease runs on; Slack sends again what cannot be stored.
      own = await hold(parts, own).catch(() => own);
      if (own !== null) turn ??= listen(listening);
      else {
        await turn?.end();
        turn = null;
      }
      await pause(RENEW_MS, over.signal);
    }
    await turn?.end();
    if (own !== null) await parts.leases.release(own, parts.holder).catch(() => {});
  };
  const running = run();
  return {
    stop: () => {
      over.abort();
      return running;
    },
  };
};
