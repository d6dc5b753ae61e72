import { isValidSlackRequest } from "@slack/bolt/dist/receivers/verify-request.js";
import type { Refused, Route, Visit } from "../../ports/route.ts";
import type { Heard } from "./hear.ts";
import { parsed } from "./read.ts";

export const WEBHOOK_PATH = "/webhooks/slack";

/** docs.slack.dev/authentication/verifying-requests-from-slack: older is a replay. */
const OLDEST_S = 300;
/** No clock is so far ahead; Bolt itself takes a stamp of next year, and with it a request that never grows old. */
const NEWEST_S = 60;

const refused = (reason: Refused["reason"]): Refused => ({ kind: "refused", platform: "slack", reason });

interface WebhookParts {
  readonly signingSecret: string;
  readonly real: () => Date;
  readonly hear: (body: object) => Promise<Heard>;
}

/** What keeps a request from being read; null for what Slack has signed within the last minutes. */
const unproved = (headers: Headers, body: string, signingSecret: string, real: Date): "forged" | "stale" | null => {
  const stamp = headers.get("x-slack-request-timestamp") ?? "";
  const seconds = /^\d{1,12}$/.test(stamp) ? Number(stamp) : Number.NaN;
  const signed = { "x-slack-signature": headers.get("x-slack-signature") ?? "", "x-slack-request-timestamp": seconds };
  // The age is judged here and not there, where the future would do.
  const nowMilliseconds = seconds * 1_000;
  if (!isValidSlackRequest({ signingSecret, body, headers: signed, nowMilliseconds })) return "forged";
  const age = real.getTime() / 1_000 - seconds;
  return age > OLDEST_S || age < -NEWEST_S ? "stale" : null;
};

/**
 * Where Slack posts events, presses, windows and slash commands to, all on one path. Nothing is read of a request that is
 * not signed; 200 means that it is stored, or shown. After anything else Slack comes again with an event, and tells whoever
 * pressed something to try again.
 */
export const webhookRoute = ({ signingSecret, real, hear }: WebhookParts): Route => {
  const handle = async ({ request }: Visit): Promise<Response | Refused> => {
    const body = await request.text();
    // Slack looks whether the address has a certificate, with nothing to prove itself by and nothing to say.
    if (body === "ssl_check=1") return new Response(null, { status: 200 });
    const why = unproved(request.headers, body, signingSecret, real());
    if (why) return refused(why);
    const given = parsed(body);
    if (typeof given !== "object" || given === null) return refused("unreadable");
    const heard = await hear(given);
    if (!heard.taken) return refused("not-taken");
    return heard.answer ? Response.json(heard.answer) : new Response(null, { status: 200 });
  };
  return { method: "POST", path: WEBHOOK_PATH, rate: "normal", from: "machines", handle };
};
