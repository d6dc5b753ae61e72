import { afterEach, expect, it } from "vitest";
import { openHttp } from "../../../src/http/open-http.ts";
import { examineTelegram } from "../../../src/platforms/telegram/examine.ts";
import { WEBHOOK_PATH, webhookRoute } from "../../../src/platforms/telegram/webhook.ts";
import type { TelegramServer } from "../../telegram-server/server.ts";
import { telegramServer } from "../../telegram-server/server.ts";
import { SECRET } from "./world.ts";

const HOOK = "https://notices.example.org/webhooks/telegram";
const servers: TelegramServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const examined = async (server: TelegramServer, token: string, webhook: string | null) => {
  const http = openHttp(server.url, { connections: 1 });
  const found = await examineTelegram({ token, http, webhook, real: new Date() }).examine();
  return found.map(({ level, code }) => [level, code]);
};

it("tells a wrong token, a webhook that somebody else has set, and that all is well", async () => {
  const server = await telegramServer({ pace: null });
  servers.push(server);
  expect(await examined(server, server.token, null)).toEqual([["ok", "telegram.ok"]]);
  expect(await examined(server, "1:wrong-token", null)).toEqual([["problem", "telegram.token"]]);
  expect(await examined(server, server.token, HOOK)).toEqual([["problem", "telegram.webhook-other"]]);
  server.updates.setWebhook({ url: "https://thief.example/", secret: null, allowed: null });
  expect(await examined(server, server.token, null)).toEqual([["problem", "telegram.webhook-set"]]);
  expect(await examined(server, server.token, HOOK)).toEqual([["problem", "telegram.webhook-other"]]);
  server.updates.setWebhook({ url: HOOK, secret: SECRET, allowed: null });
  expect(await examined(server, server.token, HOOK)).toEqual([["ok", "telegram.ok"]]);
  expect(server.violations).toEqual([]);
});

it("tells a server that is not there from a token that is wrong", async () => {
  const http = openHttp("http://127.0.0.1:1", { connections: 1 });
  const found = await examineTelegram({ token: "1:any-token", http, webhook: null, real: new Date() }).examine();
  expect(found.map(({ code }) => code)).toEqual(["telegram.silent"]);
});

it("takes nothing of a webhook that is not proved, not readable, or not to be stored now", async () => {
  let stores = true;
  const taken: unknown[] = [];
  const route = webhookRoute(SECRET, async (update) => {
    if (stores) taken.push(update);
    return stores;
  });
  const post = async (body: string, secret: string | null) => {
    const headers = { ...(secret === null ? {} : { "x-telegram-bot-api-secret-token": secret }) };
    const request = new Request(`http://localhost${WEBHOOK_PATH}`, { method: "POST", headers, body });
    const answer = await route.handle({ request, params: {}, ip: "127.0.0.1" });
    return answer instanceof Response ? answer.status : "reason" in answer && answer.reason;
  };
  const update = JSON.stringify({ update_id: 1 });
  for (const secret of [null, "", "x", SECRET.slice(0, -1), `${SECRET}x`, SECRET.toUpperCase()])
    expect(await post(update, secret)).toBe("forged");
  for (const body of ["", "{", "[]", "null", '"x"', "{}", '{"update_id":"1"}', '{"update_id":1.5}'])
    expect(await post(body, SECRET)).toBe("unreadable");
  expect(taken).toEqual([]);
  expect(await post(update, SECRET)).toBe(200);
  stores = false;
  expect(await post(update, SECRET)).toBe("not-taken");
  expect(taken).toEqual([{ update_id: 1 }]);
});
