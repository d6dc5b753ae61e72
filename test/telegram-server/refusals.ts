/** An answer of the Bot API's. */
export interface Answer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export const accepted = (result: unknown): Answer => ({ status: 200, body: { ok: true, result } });

export const refused = (status: number, description: string, parameters?: object): Answer => ({
  status,
  body: { ok: false, error_code: status, description, ...(parameters ? { parameters } : {}) },
});

/** Query.cpp and HttpConnection.cpp of tdlib/telegram-bot-api. */
export const tooMany = (seconds: number): Answer => ({
  ...refused(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds }),
  headers: { "retry-after": String(seconds) },
});

export const badRequest = (what: string): Answer => refused(400, `Bad Request: ${what}`);

export const POLLED_ELSEWHERE = refused(
  409,
  "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
);
export const WEBHOOK_SET = refused(409, "Conflict: terminated by setWebhook request");
export const WEBHOOK_ACTIVE = refused(
  409,
  "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
);
export const TOO_OLD = badRequest("query is too old and response timeout expired or query ID is invalid");
