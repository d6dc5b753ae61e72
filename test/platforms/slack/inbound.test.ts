import { afterEach, expect, it } from "vitest";
import { openHttp } from "../../../src/http/open-http.ts";
import { examineSlack } from "../../../src/platforms/slack/examine.ts";
import { webhookRoute } from "../../../src/platforms/slack/webhook.ts";
import type { Incoming } from "../../../src/ports/chat-platform.ts";
import { type Sent, signed } from "../../slack-server/inbound.ts";
import { type SlackWorld, slackWorld, type WorldOptions } from "./world.ts";

const worlds: SlackWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

/** The adapter, started, with everything that it hands over. */
const started = async (options: WorldOptions = {}) => {
  const world = await slackWorld({ server: { pace: 0.0001, limits: { scale: 100 } }, ...options });
  worlds.push(world);
  const received: Incoming[] = [];
  await world.platform.start(async (incoming) => {
    received.push(incoming);
  });
  await expect.poll(() => world.server.calls.some(({ method }) => method === "auth.test")).toBe(true);
  const whats = () => received.map(({ what }) => what);
  return { ...world, received, whats };
};

const SECRET = "0123456789abcdef";
const SAID: Sent = { kind: "event", body: { type: "event_callback", event_id: "Ev1", team_id: "T1", event: {} } };

it("reads nothing that is not signed, not of these minutes, or not readable", async () => {
  const taken: object[] = [];
  let stores = true;
  const now = new Date("2026-11-24T09:00:00Z");
  const route = webhookRoute({
    signingSecret: SECRET,
    real: () => now,
    hear: async (body) => {
      if (stores) taken.push(body);
      return stores ? { taken: true, answer: null } : { taken: false };
    },
  });
  const post = async (body: string, headers: Readonly<Record<string, string>>) => {
    const request = new Request("http://localhost/webhooks/slack", { method: "POST", headers, body });
    const answer = await route.handle({ request, params: {}, ip: "127.0.0.1" });
    return answer instanceof Response ? answer.status : "reason" in answer && answer.reason;
  };
  const at = (ms: number, secret = SECRET) => signed(secret, SAID, now.getTime() + ms);
  const good = at(0);
  const stamp = "x-slack-request-timestamp";
  const signature = "x-slack-signature";
  const forgeries: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    [good.body, {}],
    [good.body, { [stamp]: good.headers[stamp] ?? "" }],
    [`${good.body} `, good.headers],
    [good.body.replace("Ev1", "Ev2"), good.headers],
    [good.body, at(0, "another-secret-of-16").headers],
    [good.body, { ...good.headers, [stamp]: String(Number(good.headers[stamp]) + 1) }],
    [good.body, { ...good.headers, [stamp]: "now" }],
    [good.body, { ...good.headers, [stamp]: `${good.headers[stamp]},${good.headers[stamp]}` }],
    [good.body, { ...good.headers, [signature]: (good.headers[signature] ?? "").slice(0, -1) }],
    [good.body, { ...good.headers, [signature]: (good.headers[signature] ?? "").replace("v0=", "v1=") }],
    [good.body, { ...good.headers, [signature]: (good.headers[signature] ?? "").toUpperCase() }],
  ];
  for (const [body, headers] of forgeries) expect(await post(body, headers)).toBe("forged");
  for (const ms of [-301_000, -86_400_000, 61_000, 3_600_000, 365 * 86_400_000])
    expect(await post(at(ms).body, at(ms).headers)).toBe("stale");
  for (const body of ["{", "null", "payload=%7B"]) {
    const unreadable = signed(SECRET, { kind: "command", body: {} }, now.getTime());
    const { createHmac } = await import("node:crypto");
    const mac = createHmac("sha256", SECRET).update(`v0:${unreadable.headers[stamp]}:${body}`).digest("hex");
    const said = await post(body, { ...unreadable.headers, [signature]: `v0=${mac}` });
    expect(body === "null" ? [200, "unreadable"] : ["unreadable"]).toContain(said);
  }
  taken.length = 0;
  expect(await post("ssl_check=1", {})).toBe(200);
  expect(taken).toEqual([]);
  for (const ms of [-299_000, 0, 59_000]) expect(await post(at(ms).body, at(ms).headers)).toBe(200);
  expect(taken).toHaveLength(3);
  stores = false;
  expect(await post(good.body, good.headers)).toBe("not-taken");
});

it("answers who asks whether it is us, and hands over words, commands, shortcuts, and that somebody has left", async () => {
  const { server, post, sign, whats, received, log } = await started();
  const person = server.person();
  const tell = async (sent: Sent) => (await post(sign(sent))).status;
  const challenge = { kind: "event", body: { type: "url_verification", token: "x", challenge: "3eZbrw1aB" } } as const;
  expect(await (await post(sign(challenge))).json()).toEqual({ challenge: "3eZbrw1aB" });
  const all = [
    person.says("出口堵了 <!channel>"),
    person.says("/todo"),
    person.runs(""),
    person.runs("language en"),
    person.runs("ABCD-EFGH"),
    person.uses("todo"),
    person.leaves(),
  ];
  for (const sent of all) expect(await tell(sent)).toBe(200);
  expect(whats()).toEqual([
    { kind: "text", text: "出口堵了 <!channel>" },
    { kind: "command", name: "todo", argument: "" },
    { kind: "command", name: "help", argument: "" },
    { kind: "command", name: "language", argument: "en" },
    { kind: "text", text: "ABCD-EFGH" },
    { kind: "command", name: "todo", argument: "" },
    { kind: "reach", reachable: false },
  ]);
  expect(new Set(received.map(({ from }) => from.chat))).toEqual(new Set([person.id]));
  // Of another workspace: the address says which.
  const other = person.says("在吗");
  await tell({ ...other, body: { ...other.body, team_id: "T0OTHER" } });
  expect(received.at(-1)?.from.chat).toBe(`T0OTHER/${person.id}`);
  const before = received.length;
  const event = (inner: object): Sent => ({
    ...SAID,
    body: { ...SAID.body, event_id: `Ev${Math.random()}`, event: inner },
  });
  const foreign = [
    event({ type: "message", channel_type: "im", user: person.id, bot_id: "B1", text: "x" }),
    event({ type: "message", channel_type: "channel", user: person.id, text: "x" }),
    event({ type: "message", channel_type: "im", subtype: "message_changed" }),
    event({ type: "user_change", user: { id: person.id, deleted: false } }),
    event({ type: "reaction_added" }),
    { kind: "interactive", body: { type: "block_actions" } },
    { kind: "interactive", body: { type: "view_closed" } },
    { kind: "command", body: { command: "/chuanda" } },
  ] as const;
  for (const sent of [...foreign, server.expels("tokens_revoked"), server.expels("app_uninstalled")])
    expect(await tell(sent)).toBe(200);
  expect(received).toHaveLength(before);
  expect(log.entries.filter(({ event: name }) => name === "slack-app-expelled")).toHaveLength(2);
});

it("loses no event and stays alive when its sockets are taken away, cut, or refused", async () => {
  const { server, whats, log } = await started({ sockets: true, server: { pace: 0.02, limits: { scale: 100 } } });
  const open = () => server.inbound.sockets.filter(({ readyState }) => readyState === 1).length;
  await expect.poll(open).toBe(2);
  const person = server.person();
  const words = Array.from({ length: 24 }, (_, at) => `第${at}句`);
  for (const [at, text] of words.entries()) {
    person.says(text);
    if (at % 4 === 1) server.inbound.drop("asked");
    if (at % 4 === 3) server.inbound.drop("cut");
    if (at === 10)
      server.plan({ method: "apps.connections.open", times: 2, trouble: { kind: "refused", error: "invalid_auth" } });
    if (at === 16) server.plan({ method: "apps.connections.open", times: 1, trouble: { kind: "limited", seconds: 1 } });
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  const heard = () => [...new Set(whats().flatMap((what) => (what.kind === "text" ? [what.text] : [])))].sort();
  await expect.poll(heard, { timeout: 15_000 }).toEqual([...words].sort());
  await expect.poll(open, { timeout: 15_000 }).toBe(2);
  expect(log.entries.map(({ event }) => event)).toContain("slack-socket-failed");
}, 40_000);

it("tells doctor of a wrong token, of a way in that is missing, and that all is well", async () => {
  const { server } = await started();
  const examined = async (token: string, appToken: string | null, webhook: string | null, url = server.apiUrl) => {
    const http = openHttp(new URL(url).origin, { connections: 1 });
    const parts = { token, appToken, webhook, http, apiUrl: new URL(url), real: new Date() };
    return (await examineSlack(parts).examine()).map(({ level, code }) => `${level} ${code}`);
  };
  const hook = "https://notices.example.org/webhooks/slack";
  expect(await examined(server.token, null, hook)).toEqual(["ok slack.ok", "ok slack.posts"]);
  expect(await examined(server.token, server.appToken, null)).toEqual(["ok slack.ok"]);
  expect(await examined("xoxb-wrong", null, hook)).toEqual(["problem slack.token"]);
  expect(await examined(server.token, "xapp-wrong", null)).toEqual(["problem slack.token"]);
  expect(await examined(server.token, null, null)).toEqual(["warning slack.no-address"]);
  expect(await examined(server.token, null, hook, "http://127.0.0.1:1/api/")).toEqual(["warning slack.silent"]);
});
