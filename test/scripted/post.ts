import type { SendOutcome } from "../../src/domain/delivery.ts";
import type { Http } from "../../src/ports/http.ts";

export interface Answer {
  readonly status: number;
  readonly retryAfter: number | null;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Posts JSON; what the network does, and an answer that is no JSON, is an outcome. */
export const post = async (
  http: Http,
  path: string,
  body: object,
  deadline: Date,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer | Extract<SendOutcome, { kind: "later" | "in-doubt" }>> => {
  const signal = AbortSignal.timeout(Math.max(0, deadline.getTime() - Date.now()));
  const answer = await http.post(path, body, { signal, headers });
  if (answer.kind === "not-sent") return { kind: "later", ms: 500, scope: "bot" };
  if (answer.kind !== "answered" || answer.body === null) return { kind: "in-doubt" };
  const { status, retryAfter } = answer;
  return { status, retryAfter, body: answer.body as Answer["body"] };
};
