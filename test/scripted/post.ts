import type { Pool } from "undici";
import type { SendOutcome } from "../../src/domain/delivery.ts";

export interface Answer {
  readonly status: number;
  readonly retryAfter: number | null;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Errors before a connection stood: nothing can have left. */
const NOTHING_LEFT = new Set(["ECONNREFUSED", "ENOTFOUND", "EHOSTUNREACH", "UND_ERR_CONNECT_TIMEOUT"]);

/** Posts JSON; what the network does is an outcome. */
export const post = async (
  pool: Pool,
  path: string,
  body: object,
  deadline: Date,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer | Extract<SendOutcome, { kind: "later" | "in-doubt" }>> => {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), Math.max(0, deadline.getTime() - Date.now()));
  try {
    const answer = await pool.request({
      path,
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8", ...headers },
      body: JSON.stringify(body),
      signal: late.signal,
    });
    const wait = answer.headers["retry-after"];
    const json = (await answer.body.json()) as Answer["body"];
    return { status: answer.statusCode, retryAfter: wait === undefined ? null : Number(wait), body: json };
  } catch (error) {
    const code = (error as { readonly code?: unknown }).code;
    return NOTHING_LEFT.has(String(code)) ? { kind: "later", ms: 500, scope: "bot" } : { kind: "in-doubt" };
  } finally {
    clearTimeout(timer);
  }
};
