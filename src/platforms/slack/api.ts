import type { Clock } from "../../ports/clock.ts";
import type { Http, HttpAnswer, NoAnswer } from "../../ports/http.ts";
import { ASK_MS, type Asked, endingAt } from "../ask.ts";

/** The Web API's envelope (docs.slack.dev/apis/web-api): it says its errors with status 200. */
export interface ApiAnswer {
  readonly ok?: unknown;
  readonly error?: unknown;
  readonly [field: string]: unknown;
}

/** Calls of the Web API by name, each with the bot's token. */
export interface Api {
  /** Ends at the real moment `deadline`, whatever has become of the call. */
  call(method: string, body: object, deadline: Date): Promise<HttpAnswer | NoAnswer>;
  /** For calls that only matter as a whole: the answer, or why there is none. */
  ask<Result = ApiAnswer>(method: string, body: object, ms?: number): Promise<Asked<Result>>;
}

const judged = <Result>(answer: HttpAnswer | NoAnswer): Asked<Result> => {
  if (answer.kind !== "answered") return { ok: false, status: null, why: answer.why };
  const body = (answer.body ?? {}) as ApiAnswer;
  return body.ok === true
    ? { ok: true, result: body as Result }
    : { ok: false, status: answer.status, why: String(body.error ?? `status ${answer.status}`) };
};

/** Methods that read take no JSON (docs.slack.dev/apis/web-api/using-the-slack-web-api): their arguments stand in the address. */
const IN_ADDRESS: ReadonlySet<string> = new Set(["users.list", "users.lookupByEmail"]);

interface ApiParts {
  readonly http: Http;
  readonly apiUrl: URL;
  readonly token: string;
  readonly clock: Pick<Clock, "real">;
}

export const openApi = ({ http, apiUrl, token, clock }: ApiParts): Api => {
  const headers = { authorization: `Bearer ${token}` };
  const post = (method: string, body: object, signal: AbortSignal) => {
    const path = `${apiUrl.pathname}${method}`;
    return IN_ADDRESS.has(method)
      ? http.post(`${path}?${new URLSearchParams(body as Record<string, string>)}`, {}, { signal, headers })
      : http.post(path, body, { signal, headers });
  };
  return {
    call: (method, body, deadline) => post(method, body, endingAt(deadline, clock)),
    ask: async (method, body, ms = ASK_MS) => judged(await post(method, body, AbortSignal.timeout(ms))),
  };
};
