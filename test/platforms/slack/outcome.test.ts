import { expect, it } from "vitest";
import { outcome } from "../../../src/platforms/slack/outcome.ts";
import type { HttpAnswer } from "../../../src/ports/http.ts";

const answered = (body: unknown, status = 200, retryAfter: number | null = null): HttpAnswer => ({
  ...{ kind: "answered", status, retryAfter, body },
});
const ofError = (error: string) => outcome(answered({ ok: false, error }), { ref: null, recent: false });
const limited = (asked: { ref: string | null; recent: boolean }, seconds: number | null = 3_600) =>
  outcome(answered({ ok: false, error: "ratelimited" }, 429, seconds), asked);

it("reads what Slack says with status 200, each kind of it", () => {
  const sent = answered({ ok: true, channel: "D024BE91L", ts: "1503435956.000247" });
  expect(outcome(sent, { ref: null, recent: false })).toEqual({ kind: "sent", ref: "D024BE91L/1503435956.000247" });
  expect(outcome(sent, { ref: "D1AA/1.1", recent: false })).toEqual({ kind: "sent", ref: "D1AA/1.1" });
  expect(outcome(answered({ ok: true }), { ref: null, recent: false })).toEqual({ kind: "in-doubt" });
  for (const error of ["channel_not_found", "user_not_found", "user_disabled", "is_archived", "cannot_dm_bot"])
    expect(ofError(error)).toEqual({ kind: "gone", why: error });
  for (const error of ["invalid_auth", "token_revoked", "account_inactive", "missing_scope", "messages_tab_disabled"])
    expect(ofError(error)).toEqual({ kind: "later", ms: 60_000, scope: "bot" });
  // "It's possible some aspect of the operation succeeded."
  for (const error of ["fatal_error", "internal_error"]) expect(ofError(error)).toEqual({ kind: "in-doubt" });
  for (const error of [
    "invalid_blocks",
    "msg_blocks_too_long",
    "message_not_found",
    "cant_update_message",
    "restricted_action",
  ])
    expect(ofError(error)).toEqual({ kind: "refused", why: error });
});

it("takes a limit for what it is of: a conversation that was just written to, or the method, and never for everything", () => {
  expect(limited({ ref: null, recent: true }, 1)).toEqual({ kind: "later", ms: 1_000, scope: "chat" });
  expect(limited({ ref: null, recent: false })).toEqual({ kind: "later", ms: 3_600_000, scope: "method" });
  expect(limited({ ref: "D1AA/1.1", recent: true })).toEqual({ kind: "later", ms: 3_600_000, scope: "method" });
  expect(limited({ ref: null, recent: false }, null)).toEqual({ kind: "later", ms: 1_000, scope: "method" });
});

it("never repeats what may have arrived, and waits where it is not Slack that answers", () => {
  const asked = { ref: null, recent: false };
  expect(outcome({ kind: "unknown", why: "ECONNRESET" }, asked)).toEqual({ kind: "in-doubt" });
  expect(outcome({ kind: "not-sent", why: "ECONNREFUSED" }, asked)).toMatchObject({ kind: "later", scope: "bot" });
  expect(outcome(answered(null, 502), asked)).toEqual({ kind: "in-doubt" });
  expect(outcome(answered(null, 503, 30), asked)).toEqual({ kind: "later", ms: 30_000, scope: "bot" });
  expect(outcome(answered(null, 403), asked)).toMatchObject({ kind: "later", scope: "bot" });
});
