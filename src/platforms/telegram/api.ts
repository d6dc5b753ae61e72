import type { Clock } from "../../ports/clock.ts";
import type { Http, HttpAnswer, HttpStream, NoAnswer } from "../../ports/http.ts";
import { ASK_MS, type Asked, endingAt } from "../ask.ts";
import type { ApiAnswer } from "./outcome.ts";

/** Calls of the Bot API by name. The token stands in the path, so no path is ever told to anybody. */
export interface Api {
  /** Ends at the real moment `deadline`, whatever has become of the call. */
  call(method: string, body: object, deadline: Date): Promise<HttpAnswer | NoAnswer>;
  /** For calls that only matter as a whole: the result, or why there is none, in the server's words. */
  ask<Result>(method: string, body: object, ms?: number, signal?: AbortSignal): Promise<Asked<Result>>;
  /** The file at a `file_path` of this bot's (core.telegram.org/bots/api#file). */
  download(filePath: string, signal: AbortSignal): Promise<HttpStream | NoAnswer>;
}

const judged = <Result>(answer: HttpAnswer | NoAnswer): Asked<Result> => {
  if (answer.kind !== "answered") return { ok: false, status: null, why: answer.why };
  const { ok, result, description } = (answer.body ?? {}) as ApiAnswer;
  return ok === true
    ? { ok: true, result: result as Result }
    : { ok: false, status: answer.status, why: String(description ?? `status ${answer.status}`) };
};

export const openApi = (http: Http, token: string, clock: Pick<Clock, "real">): Api => {
  const post = (method: string, body: object, signal: AbortSignal) =>
    http.post(`/bot${token}/${method}`, body, { signal });
  return {
    call: (method, body, deadline) => post(method, body, endingAt(deadline, clock)),
    ask: async (method, body, ms = ASK_MS, signal) => {
      const late = AbortSignal.timeout(ms);
      return judged(await post(method, body, signal ? AbortSignal.any([late, signal]) : late));
    },
    download: (filePath, signal) => {
      const path = filePath.split("/").map(encodeURIComponent).join("/");
      return http.get(`/file/bot${token}/${path}`, { signal });
    },
  };
};
