import { createHash, timingSafeEqual } from "node:crypto";
import type { Update } from "telegraf/types";
import type { Refused, Route, Visit } from "../../ports/route.ts";

export const WEBHOOK_PATH = "/webhooks/telegram";

const HEADER = "x-telegram-bot-api-secret-token";

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

const isUpdate = (body: unknown): body is Update =>
  typeof body === "object" && body !== null && Number.isSafeInteger((body as { update_id?: unknown }).update_id);

const refused = (reason: Refused["reason"]): Refused => ({ kind: "refused", platform: "telegram", reason });

/**
 * Where Telegram posts updates to. Nothing is read of a request without the secret; 200 means that the update is stored,
 * and after 503 Telegram comes again (core.telegram.org/bots/api#setwebhook).
 */
export const webhookRoute = (secret: string, take: (update: Update) => Promise<boolean>): Route => {
  const expected = digest(secret);
  const handle = async ({ request }: Visit): Promise<Response | Refused> => {
    const given = request.headers.get(HEADER);
    if (given === null || !timingSafeEqual(digest(given), expected)) return refused("forged");
    const body: unknown = await request.json().catch(() => null);
    if (!isUpdate(body)) return refused("unreadable");
    return (await take(body)) ? new Response(null, { status: 200 }) : refused("not-taken");
  };
  return { method: "POST", path: WEBHOOK_PATH, rate: "normal", from: "machines", handle };
};
