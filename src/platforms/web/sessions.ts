import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { AccessStore } from "../../ports/store/access-store.ts";

/** A stream in which nothing happens ends this soon after its session was revoked; one in which something does, at once. */
const LOOK_MS = 5_000;

export interface Sessions {
  /** Runs `stream` until `signal` aborts or the session ends; `alive` asks afresh, and `end` ends it. */
  during(
    session: Uint8Array,
    signal: AbortSignal,
    stream: (alive: () => Promise<boolean>, until: AbortSignal, end: () => void) => Promise<void>,
  ): Promise<void>;
  stop(): void;
}

/** Watches over the sessions of the streams that are open here, all in one query. */
export const sessions = (access: AccessStore, clock: Clock, log: Log): Sessions => {
  const watched = new Map<AbortController, Uint8Array>();
  let timer: NodeJS.Timeout | null = null;

  const look = async (): Promise<void> => {
    const all = [...watched];
    try {
      const hashes = all.map(([, hash]) => hash);
      const alive = await access.alive(hashes, clock.real());
      for (const [at, [end]] of all.entries()) if (!alive[at]) end.abort();
    } catch (err) {
      log.warn("sessions-unreadable", { err });
    }
    timer = watched.size > 0 && timer ? setTimeout(look, LOOK_MS) : null;
  };

  return {
    during: async (session, signal, stream) => {
      const end = new AbortController();
      const abort = (): void => end.abort();
      signal.addEventListener("abort", abort, { once: true });
      watched.set(end, session);
      timer ??= setTimeout(look, LOOK_MS);
      try {
        await stream(async () => (await access.alive([session], clock.real()))[0] ?? false, end.signal, abort);
      } finally {
        watched.delete(end);
        signal.removeEventListener("abort", abort);
      }
    },
    stop: () => {
      if (timer) clearTimeout(timer);
      timer = null;
    },
  };
};
