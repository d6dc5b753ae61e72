import { createHmac } from "node:crypto";
import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { WebSocket } from "ws";
import { fresh } from "./methods.ts";

/** Something that Slack tells the app. */
export interface Sent {
  readonly kind: "event" | "interactive" | "command";
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Told {
  /** The app has it. */
  readonly ok: boolean;
  readonly status: number;
  readonly answer: Readonly<Record<string, unknown>> | null;
}

/** The app has three seconds; an event comes again at once, after a minute and after five. */
const PATIENCE_MS = 3_000;
const RETRY_MS = [0, 60_000, 300_000] as const;
const SOCKET_TYPES = { event: "events_api", interactive: "interactive", command: "slash_commands" } as const;

const NOT_TOLD: Told = { ok: false, status: 0, answer: null };

const json = (text: string): Told["answer"] => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

export interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How Slack writes it: events as JSON, the rest as a form; signed over the bytes and the time. */
export const signed = (secret: string, { kind, body }: Sent, at = Date.now(), retry = 0): SignedRequest => {
  const fields = kind === "interactive" ? { payload: JSON.stringify(body) } : (body as Record<string, string>);
  const text = kind === "event" ? JSON.stringify(body) : new URLSearchParams(fields).toString();
  const stamp = String(Math.floor(at / 1_000));
  const signature = createHmac("sha256", secret).update(`v0:${stamp}:${text}`).digest("hex");
  return {
    headers: {
      "content-type": kind === "event" ? "application/json" : "application/x-www-form-urlencoded",
      "x-slack-request-timestamp": stamp,
      "x-slack-signature": `v0=${signature}`,
      ...(retry > 0 ? { "x-slack-retry-num": String(retry), "x-slack-retry-reason": "http_error" } : {}),
    },
    body: text,
  };
};

/** Everything on its way to the app: to a request URL, or over one of its sockets. `pace` shortens the waits between repeats. */
export const inbound = (secret: string, pace: number) => {
  let url: string | null = null;
  const sockets: WebSocket[] = [];
  const waiting = new Map<string, (told: Told) => void>();
  const closed = new AbortController();
  let held = false;
  setMaxListeners(0, closed.signal);

  const post = async (to: string, sent: Sent, retry: number): Promise<Told> => {
    const request = signed(secret, sent, Date.now(), retry);
    const answer = await fetch(to, {
      method: "POST",
      ...request,
      signal: AbortSignal.any([closed.signal, AbortSignal.timeout(PATIENCE_MS)]),
    }).catch(() => null);
    if (!answer) return NOT_TOLD;
    return { ok: answer.ok, status: answer.status, answer: json(await answer.text()) };
  };

  /** Each goes over one socket, whichever. */
  const overSocket = async ({ kind, body }: Sent, retry: number): Promise<Told> => {
    const open = sockets.filter(({ readyState }) => readyState === 1);
    const socket = open[Math.floor(Math.random() * open.length)];
    if (!socket) return NOT_TOLD;
    const id = fresh("");
    const acknowledged = new Promise<Told>((resolve) => {
      waiting.set(id, resolve);
    });
    const again = kind === "event" ? { retry_attempt: retry, retry_reason: retry > 0 ? "timeout" : "" } : {};
    const envelope = { envelope_id: id, type: SOCKET_TYPES[kind], accepts_response_payload: kind !== "event" };
    socket.send(JSON.stringify({ ...envelope, payload: body, ...again }));
    let lose = (): void => {};
    const lost = new Promise<Told>((resolve) => {
      lose = () => resolve(NOT_TOLD);
      socket.once("close", lose);
    });
    const late = sleep(PATIENCE_MS, NOT_TOLD, { ref: false });
    return Promise.race([acknowledged, lost, late]).finally(() => {
      waiting.delete(id);
      socket.off("close", lose);
    });
  };

  const once = (sent: Sent, retry = 0): Promise<Told> =>
    url === null ? overSocket(sent, retry) : post(url, sent, retry);

  /** Interactions come once: a person who is told that it failed tries again. */
  const deliver = async (sent: Sent): Promise<Told> => {
    let told = await once(sent);
    for (const [at, wait] of (sent.kind === "event" ? RETRY_MS : []).entries()) {
      if (told.ok || closed.signal.aborted) break;
      await sleep(wait * pace, null, { signal: closed.signal }).catch(() => {});
      told = await once(sent, at + 1);
    }
    return told;
  };

  return {
    once,
    deliver,
    /** Where the app wants to be posted to; null for sockets. */
    postTo: (to: string | null): void => {
      url = to;
    },
    /** From now on whoever tests brings each by hand. */
    hold: (): void => {
      held = true;
    },
    isHeld: (): boolean => held,
    /** Whether anybody listens, or has and will again. */
    isAwaited: (): boolean => url !== null || sockets.length > 0,
    /** Whether anybody listens now. */
    isOpen: (): boolean => url !== null || sockets.some(({ readyState }) => readyState === 1),
    sockets: sockets as readonly WebSocket[],
    connect: (socket: WebSocket): void => {
      sockets.push(socket);
      socket.on("message", (data) => {
        const { envelope_id: id, payload } = json(String(data)) ?? {};
        const answer = (payload ?? null) as Told["answer"];
        waiting.get(String(id))?.({
          ok: true,
          status: 200,
          answer: answer && Object.keys(answer).length > 0 ? answer : null,
        });
      });
      socket.send(
        JSON.stringify({ type: "hello", num_connections: sockets.length, connection_info: { app_id: "A0" } }),
      );
    },
    /** Slack takes a socket back, in order or not. */
    drop: (how: "asked" | "cut"): void => {
      const socket = sockets.find(({ readyState }) => readyState === 1);
      if (how === "cut") socket?.terminate();
      else socket?.send(JSON.stringify({ type: "disconnect", reason: "refresh_requested", debug_info: {} }));
    },
    close: (): void => {
      closed.abort();
      for (const socket of sockets) socket.terminate();
    },
  };
};

export type Inbound = ReturnType<typeof inbound>;
