import { Pool } from "undici";
import type { Http, HttpAnswer, HttpStream, NoAnswer } from "../ports/http.ts";

/** A platform's answer to one message is a few hundred bytes; whoever sends more is not the platform. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Errors before a connection stood: nothing can have left. */
const NOTHING_LEFT: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
]);

const codeOf = (error: unknown): string => {
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  return String(code ?? name ?? "unknown");
};

const noAnswer = (error: unknown): NoAnswer => {
  const why = codeOf(error);
  return { kind: NOTHING_LEFT.has(why) ? "not-sent" : "unknown", why };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const wholeOf = (header: string | string[] | undefined): number | null => {
  const number = Number(header ?? Number.NaN);
  return Number.isFinite(number) && number >= 0 ? number : null;
};

/** How many files may be on their way at once. */
const STREAMS = 4;
const OPTIONS: Pool.Options = {
  pipelining: 1,
  connect: { timeout: 10_000 },
  // How long an answer may take is the caller's `signal` to say.
  headersTimeout: 0,
  bodyTimeout: 0,
};

export interface HttpOptions {
  /** How many requests may be under way at once. */
  readonly connections: number;
}

/** Opens a pool of kept-alive connections to one origin. A redirect is an answer like any other and is not followed. */
export const openHttp = (origin: string, { connections }: HttpOptions): Http => {
  const pool = new Pool(origin, { ...OPTIONS, connections, maxResponseSize: MOST_BYTES });
  /** Apart, so that files never take the places of messages. */
  let streams: Pool | null = null;
  const post: Http["post"] = async (path, body, { signal, headers = {} }): Promise<HttpAnswer | NoAnswer> => {
    if (signal.aborted) return { kind: "not-sent", why: "deadline" };
    try {
      const answer = await pool.request({
        path,
        method: "POST",
        headers: { "content-type": "application/json; charset=utf-8", ...headers },
        body: JSON.stringify(body),
        signal,
      });
      const text = await answer.body.text();
      const retryAfter = wholeOf(answer.headers["retry-after"]);
      return { kind: "answered", status: answer.statusCode, retryAfter, body: parsed(text) };
    } catch (error) {
      return noAnswer(error);
    }
  };
  const get: Http["get"] = async (path, { signal }): Promise<HttpStream | NoAnswer> => {
    try {
      streams ??= new Pool(origin, { ...OPTIONS, connections: STREAMS });
      const { statusCode: status, headers, body } = await streams.request({ path, method: "GET", signal });
      const leave = async () => void body.on("error", () => {}).destroy();
      if (status === 200) return { kind: "stream", bytes: wholeOf(headers["content-length"]), body, leave };
      await body.dump({ limit: MOST_BYTES });
      return { kind: "answered", status };
    } catch (error) {
      return noAnswer(error);
    }
  };
  const close = async (): Promise<void> => {
    await Promise.all([pool.destroy(), streams?.destroy()]);
  };
  return { post, get, close };
};
