import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshEmbedded } from "../../setup/database.ts";
import { expectSafe } from "../../web/safe-headers.ts";
import { cards, talk } from "./cards.ts";
import { type ChatWorld, chatWorld } from "./chat-world.ts";
import { listen } from "./sse.ts";

let world: ChatWorld;
let database: Awaited<ReturnType<typeof freshEmbedded>>;
beforeAll(async () => {
  database = await freshEmbedded();
  world = await chatWorld(database.database.pool, { server: { rates: { normal: 5_000, tight: 500 } } });
});
afterAll(async () => {
  await world.close();
  await database.drop();
});

const zhou = () => world.person({ name: "周建国", unit: "石桥木业" });
const inside = async () => world.enter(await zhou());
/** A loaded machine takes its time. */
const SOON = { timeout: 5_000 };
const jsonly = { accept: "application/json" };

/** The fields of the first form whose button's text begins so. */
const formWith = (page: string, label: string): Record<string, string> => {
  for (const form of page.match(/<form .*?<\/form>/gs) ?? []) {
    const buttons = [...form.matchAll(/<button[^>]* name="(\w+)" value="([^"]*)"[^>]*>(.*?)<\/button>/gs)];
    const button = buttons.find(([, , , inner = ""]) => inner.replace(/<[^>]*>/g, "").startsWith(label));
    if (!button) continue;
    const hidden = [...form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)];
    return Object.fromEntries([...hidden, button].map(([, name = "", value = ""]) => [name, value]));
  }
  throw new Error(`no button ${label} in ${page}`);
};
const pageOf = async (headers: Record<string, string>) => (await world.visit("/chat", { headers })).text();
/** What the person has said, as it reads. */
const theirs = (page: string) =>
  [...page.matchAll(/<div class="msg me"><span class="vh">您：<\/span>(.*?)<\/div>/gs)].map(([, text = ""]) =>
    text.replace(/<[^>]*>/g, ""),
  );

describe("a personal link", () => {
  it("shows five previews the same page and changes nothing, then lets one browser in", async () => {
    const link = await world.link(await zhou());
    for (let look = 0; look < 5; look++) {
      const page = await world.visit(link, { headers: { "user-agent": "TelegramBot (like TwitterBot)" } });
      expect([page.status, page.headers.get("set-cookie"), page.headers.get("cache-control")]).toEqual([
        200,
        null,
        "no-store",
      ]);
      const text = await page.text();
      expect(text).toContain("这个链接是给石桥木业的周建国用的。");
      expect(text.match(/<button/g)).toHaveLength(1);
    }
    const entered = await world.post(link, {});
    expect([entered.status, entered.headers.get("location")]).toEqual([303, "/chat"]);
    expect(entered.headers.get("set-cookie")).toMatch(
      /^chuanda=[\w-]{43}; Path=\/; Max-Age=7776000; HttpOnly; SameSite=Lax$/,
    );
    for (const again of [await world.post(link, {}), await world.visit(link)]) {
      expect([again.status, again.headers.get("set-cookie")]).toEqual([410, null]);
      expect(await again.text()).toContain("这个链接用过了，或者过期了");
    }
  });

  it("shows who is in already the way to their chat when it is spent", async () => {
    const id = await zhou();
    const link = await world.link(id);
    const [cookie = ""] = (await world.post(link, {})).headers.getSetCookie();
    expect(await (await world.visit(link, { headers: { cookie } })).text()).toContain('href="/chat">打开我的对话');
    expect(await (await world.visit(link)).text()).not.toContain("打开我的对话");
  });

  it("ends the session that the browser had before", async () => {
    const before = await inside();
    await world.post(await world.link(await zhou()), {}, before.headers);
    expect((await world.visit("/chat", { headers: before.headers })).status).toBe(401);
  });

  it("is refused after its time, when it is revoked and when it is invented", async () => {
    const id = await zhou();
    const old = await world.link(id, 7);
    const revoked = await world.link(id);
    await world.access.revoke([id]);
    const short = await world.link(id, -1);
    for (const link of [old, revoked, short, "/chat/enter/nonsense", `/chat/enter/${"A".repeat(43)}`]) {
      expect((await world.visit(link)).status, link).toBe(410);
      expect((await world.post(link, {})).status, link).toBe(410);
    }
  });
});

describe("the page of a chat", () => {
  it("tells a stranger kindly how to come in, on every path", async () => {
    for (const answer of [
      await world.visit("/chat"),
      await world.visit("/chat/events"),
      await world.post("/chat/say", { text: "x" }),
    ]) {
      expect(answer.status).toBe(401);
      expect(await answer.text()).toContain("请用您的个人链接打开");
    }
    expect(world.received).toEqual([]);
  });

  it("prolongs the cookie, and knows the person's language, type size and the browser's theme", async () => {
    const { cookie } = await world.enter(
      await world.person({ name: "Ayi", unit: "石桥木业", locale: "en", large: true }),
    );
    const answer = await world.visit("/chat", { headers: { cookie: `${cookie}; theme=dark` } });
    expect(answer.headers.get("set-cookie")).toContain("Max-Age=7776000");
    expect(await answer.text()).toMatch(/<html lang="en" data-theme="dark" data-size="large">/);
  });

  it("shows fifty messages, and leads back to those before", async () => {
    const { chat, headers } = await inside();
    const bodies = Array.from({ length: 60 }, (_, at) => ({ side: "theirs", text: `line ${at}.` }) as const);
    await world.chats.append(bodies.map((body, at) => ({ chat, key: String(at), body, at: world.clock.now() })));
    const page = await pageOf(headers);
    expect(theirs(page)).toEqual(bodies.slice(10).map(({ text }) => text));
    const back = /class="earlier" href="([^"]+)"/.exec(page)?.[1] ?? "";
    const older = await (await world.visit(back, { headers })).text();
    expect(theirs(older)).toEqual(bodies.slice(0, 10).map(({ text }) => text));
    expect(older).not.toContain("data-live");
  });

  it("ends everywhere at once when access is revoked", async () => {
    const id = await zhou();
    const { headers } = await world.enter(id);
    await world.access.revoke([id]);
    expect((await world.visit("/chat", { headers })).status).toBe(401);
  });

  it("is left by its button", async () => {
    const { headers } = await inside();
    const left = await world.post("/chat/leave", {}, headers);
    expect([left.status, left.headers.get("location")]).toEqual([303, "/chat"]);
    expect(left.headers.get("set-cookie")).toMatch(/^chuanda=; .*Max-Age=0/);
    expect((await world.visit("/chat", { headers })).status).toBe(401);
  });
});

describe("what a person does", () => {
  const last = () => world.received.at(-1);

  it("reaches the service as a press of the very button, and stands in the chat as theirs", async () => {
    const { chat, headers } = await inside();
    const sent = await world.send(chat, cards.notice("zh-CN"));
    const answer = await world.post("/chat/press", formWith(await pageOf(headers), "✅"), { ...headers, ...jsonly });
    expect(answer.status).toBe(204);
    const [button] = cards.notice("zh-CN").buttons;
    expect(last()).toMatchObject({
      from: { platform: "web", chat },
      what: { kind: "press", action: button?.action, text: null, ref: sent.kind === "sent" ? sent.ref : "" },
    });
    expect(theirs(await pageOf(headers))).toEqual([button?.label]);
  });

  it("counts once when a form is posted twice, and again when it is a new form", async () => {
    const { chat, headers } = await inside();
    await world.send(chat, cards.help("zh-CN"));
    const form = formWith(await pageOf(headers), "我的待办");
    const before = world.received.length;
    await Promise.all([1, 2, 3].map(() => world.post("/chat/press", form, { ...headers, ...jsonly })));
    expect(world.received.length).toBe(before + 1);
    expect(theirs(await pageOf(headers))).toHaveLength(1);
    await world.post("/chat/press", formWith(await pageOf(headers), "我的待办"), { ...headers, ...jsonly });
    expect(world.received.length).toBe(before + 2);
  });

  it("brings the sentence of a button that asks for one", async () => {
    const { chat, headers } = await inside();
    await world.send(chat, cards.evidence("zh-CN"));
    const form = formWith(await pageOf(headers), "✅");
    await world.post("/chat/press", { ...form, text: " 报警器换好了\u0000 " }, { ...headers, ...jsonly });
    expect(last()?.what).toMatchObject({ kind: "press", text: "报警器换好了" });
    expect(theirs(await pageOf(headers))[0]).toBe("✅ 办好了，交材料\n报警器换好了");
  });

  it("is a stale press when the button is another person's, forged or none", async () => {
    const [mine, other] = [await inside(), await inside()];
    await world.send(other.chat, cards.notice("zh-CN"));
    const { code = "" } = formWith(await pageOf(other.headers), "✅");
    for (const wrong of [code, `A${code.slice(1)}`, "", "x".repeat(500)]) {
      await world.post("/chat/press", { code: wrong }, { ...mine.headers, ...jsonly });
      expect(last()).toMatchObject({ from: { chat: mine.chat }, what: { kind: "stale-press" } });
    }
    expect(theirs(await pageOf(mine.headers))).toEqual([]);
  });

  it("may be words or a command, typed in half or full width or tapped", async () => {
    const { headers } = await inside();
    const table = [
      [{ text: "什么算停用？" }, { kind: "text", text: "什么算停用？" }, "什么算停用？"],
      [{ text: "/todo" }, { kind: "command", name: "todo", argument: "" }, "/todo"],
      [{ text: "／Proxy  石桥 木业" }, { kind: "command", name: "proxy", argument: "石桥 木业" }, "／Proxy 石桥 木业"],
      [{ text: "/ 3" }, { kind: "text", text: "/ 3" }, "/ 3"],
      [{ quick: "todo" }, { kind: "command", name: "todo", argument: "" }, "我的待办"],
      [{ quick: "constructor", text: "a" }, { kind: "text", text: "a" }, "a"],
    ] as const;
    for (const [fields, what, echo] of table) {
      await world.post("/chat/say", fields, { ...headers, ...jsonly, "accept-language": "en-GB,en" });
      expect(last()).toMatchObject({
        what:
          what.kind === "command" && "argument" in what
            ? { ...what, argument: what.argument.replace(/\s+/g, " ") }
            : what,
        language: "en-GB",
      });
      expect(
        theirs(await pageOf(headers))
          .at(-1)
          ?.replace(/\s+/g, " "),
      ).toBe(echo);
    }
    const count = world.received.length;
    expect((await world.post("/chat/say", { text: "  \n" }, { ...headers, ...jsonly })).status).toBe(204);
    expect(world.received.length).toBe(count);
  });

  it("is refused in words when it is too long or no form, and nothing is sent", async () => {
    const { headers } = await inside();
    const count = world.received.length;
    const long = await world.post("/chat/say", { text: "长".repeat(1001) }, { ...headers, ...jsonly });
    expect(long.status).toBe(413);
    expect(await long.json()).toEqual({ words: "太大了，没有收到。最多 1000 个字，您写了 1001 个。" });
    const odd = await world.visit("/chat/say", {
      method: "POST",
      body: '{"text":"x"}',
      headers: { ...headers, "content-type": "application/json", "sec-fetch-site": "same-origin" },
    });
    expect(odd.status).toBe(400);
    expect(world.received.length).toBe(count);
  });

  it("goes back to the page it came from without script, and nowhere else", async () => {
    const { headers } = await inside();
    const back = async (referer: string) =>
      (await world.post("/chat/settings", { theme: "dark" }, { ...headers, referer })).headers.get("location");
    expect(await back(`${world.url}/chat?before=3`)).toBe("/chat");
    expect(await back(`${world.url}/demo?lang=en`)).toBe("/demo?lang=en");
    expect(await back("https://evil.example//evil.example/x")).toBe("/evil.example/x");
    expect(await back("nonsense")).toBe("/chat");
  });

  it("waits for the answer where no script would fetch it", async () => {
    const { chat, headers } = await inside();
    world.working.on = async () => {
      setTimeout(() => void world.send(chat, cards.empty("zh-CN")), 200);
    };
    const started = performance.now();
    const answer = await world.post("/chat/say", { quick: "todo" }, headers);
    expect(performance.now() - started).toBeGreaterThan(180);
    world.working.on = async () => {};
    expect(answer.status).toBe(303);
    await expect.poll(() => pageOf(headers), SOON).toContain(talk.say({ key: "todo.empty", values: {} }, "zh-CN"));
  });

  it("is said to have failed when it could not be stored, and can be sent again", async () => {
    const { headers } = await inside();
    world.working.on = () => Promise.reject(new Error("no database"));
    const form = { text: "在吗", nonce: "n-1" };
    expect((await world.post("/chat/say", form, { ...headers, ...jsonly })).status).toBe(500);
    world.working.on = async () => {};
    expect((await world.post("/chat/say", form, { ...headers, ...jsonly })).status).toBe(204);
    expect(last()?.what).toEqual({ kind: "text", text: "在吗" });
    expect(theirs(await pageOf(headers))).toEqual(["在吗"]);
  });

  it("may change language, type size and theme", async () => {
    const { chat, headers } = await inside();
    await world.post("/chat/settings", { language: "en" }, { ...headers, ...jsonly });
    expect(last()).toMatchObject({ from: { chat }, what: { kind: "language", locale: "en" } });
    await world.post("/chat/settings", { size: "large" }, { ...headers, ...jsonly });
    expect(await pageOf(headers)).toContain('data-size="large"');
    const theme = await world.post("/chat/settings", { theme: "dark" }, { ...headers, ...jsonly });
    expect(theme.headers.get("set-cookie")).toMatch(/^theme=dark; /);
    const auto = await world.post("/chat/settings", { theme: "auto" }, { ...headers, ...jsonly });
    expect(auto.headers.get("set-cookie")).toMatch(/^theme=; .*Max-Age=0/);
  });
});

describe("as a platform", () => {
  it("writes a message once a key, and says who does not exist", async () => {
    const { chat } = await inside();
    const [one, same] = [
      await world.send(chat, cards.help("en"), "d-1"),
      await world.send(chat, cards.help("en"), "d-1"),
    ];
    expect(one.kind).toBe("sent");
    expect(same).toEqual(one);
    expect(await world.send("nobody", cards.help("en"))).toMatchObject({ kind: "gone" });
    expect(await world.chats.heads([chat])).toEqual(new Map([[chat, 1n]]));
  });

  it("writes what is sent together in few statements", async () => {
    const people = await Promise.all([1, 2, 3, 4].map(() => inside()));
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, at) => world.send(people[at % 4]?.chat ?? "", cards.help("zh-CN"), `k-${at}`)),
    );
    expect(new Set(outcomes.map((outcome) => outcome.kind === "sent" && outcome.ref)).size).toBe(200);
  });

  it("draws a message again in place", async () => {
    const { chat, headers } = await inside();
    const to = { platform: "web", chat } as const;
    const sent = await world.send(chat, cards.notice("zh-CN"));
    const ref = sent.kind === "sent" ? sent.ref : "";
    const options = { key: "k", lane: "reply", deadline: new Date(Date.now() + 5_000) } as const;
    for (const card of [cards.done("zh-CN"), cards.done("zh-CN")]) {
      expect(await world.platform.redraw(to, ref, card, options)).toEqual({ kind: "sent", ref });
    }
    const page = await pageOf(headers);
    expect(page).toContain("已认领");
    expect(page.match(/class="turn ours"/g)).toHaveLength(1);
    expect(await world.platform.redraw(to, "123456", cards.done("zh-CN"), options)).toMatchObject({ kind: "refused" });
    expect(await world.platform.redraw({ ...to, chat: "x" }, ref, cards.done("zh-CN"), options)).toMatchObject({
      kind: "gone",
    });
  });

  it("is in doubt when time has run out", async () => {
    const { chat } = await inside();
    const options = { key: "late", lane: "bulk", deadline: new Date(Date.now() - 1) } as const;
    expect(await world.platform.send({ platform: "web", chat }, cards.help("en"), options)).toEqual({
      kind: "in-doubt",
    });
  });
});

describe("the stream of a chat", () => {
  const words = (data: string) => String(JSON.parse(data)[1]).replace(/<[^>]*>/g, " ");

  it("goes on after exactly what was heard last, in order, with the page's own place as a start", async () => {
    const { chat, headers } = await inside();
    for (const text of ["one", "two", "three"]) await world.post("/chat/say", { text }, { ...headers, ...jsonly });
    const after = /data-after="(\d+)"/.exec(await pageOf(headers))?.[1];
    expect(after).toBe("3");
    const from = async (path: string, count: number, more: Record<string, string> = {}) => {
      const stream = await listen(`${world.url}${path}`, { ...headers, ...more });
      await world.send(chat, cards.help("zh-CN"));
      await expect.poll(() => stream.heard.length, SOON).toBe(count);
      stream.stop();
      return stream.heard;
    };
    const fresh = await from(`/chat/events?after=${after}`, 1);
    expect(fresh.map(({ id, name }) => [id, name])).toEqual([["4", "turn"]]);
    const resumed = await from(`/chat/events?after=${after}`, 4, { "last-event-id": "1" });
    expect(resumed.map(({ id }) => id)).toEqual(["2", "3", "4", "5"]);
    expect(resumed.slice(0, 2).map(({ data }) => words(data))).toEqual([
      expect.stringContaining("two"),
      expect.stringContaining("three"),
    ]);
  });

  it("brings each change of a card once, in its latest shape", async () => {
    const { chat, headers } = await inside();
    const sent = await world.send(chat, cards.notice("zh-CN"));
    const stream = await listen(`${world.url}/chat/events?after=0`, headers);
    await expect.poll(() => stream.heard.length, SOON).toBe(1);
    const options = { key: "k", lane: "reply", deadline: new Date(Date.now() + 5_000) } as const;
    await world.platform.redraw(
      { platform: "web", chat },
      sent.kind === "sent" ? sent.ref : "",
      cards.done("zh-CN"),
      options,
    );
    await expect.poll(() => stream.heard.length, SOON).toBe(2);
    expect(words(stream.heard[1]?.data ?? "")).toContain("已认领");
    stream.stop();
  });

  it("ends when its session does, before another word goes out", async () => {
    const id = await zhou();
    const { chat, headers } = await world.enter(id);
    const stream = await listen(`${world.url}/chat/events?after=0`, headers);
    await world.access.revoke([id]);
    await world.send(chat, cards.notice("zh-CN"));
    await stream.ended;
    expect(stream.heard).toEqual([]);
    const quiet = await world.enter(await zhou());
    const idle = await listen(`${world.url}/chat/events?after=0`, quiet.headers);
    await world.post("/chat/leave", {}, quiet.headers);
    await idle.ended;
  });
});

it("carries the safe headers on every route, right or wrong", async () => {
  const { headers, chat } = await inside();
  const link = await world.link(await zhou());
  await world.send(chat, cards.notice("zh-CN"));
  const paths = world.platform.routes.map(({ path, method }) => ({
    path: path.replace("/chat/enter/:token", link),
    method,
  }));
  expect(paths.length).toBeGreaterThan(7);
  const own = ["/healthz", "/readyz", "/nowhere", "/assets/x/chuanda.css", "/assets/x/none"].map((path) => ({
    path,
    method: "GET" as const,
  }));
  for (const { path, method } of [...paths, ...own]) {
    for (const as of [{}, headers]) {
      const ways: RequestInit[] =
        method === "GET"
          ? [{ headers: as }, { method: "DELETE" }]
          : [
              { method, headers: as },
              { method, body: new URLSearchParams({ text: "x" }), headers: { ...as, "sec-fetch-site": "same-origin" } },
            ];
      for (const init of ways) {
        const answer = await world.visit(path, init);
        expectSafe(answer);
        await answer.body?.cancel();
      }
    }
  }
});

it("says over HTTPS that it is HTTPS, in headers and cookies", async () => {
  const secure = await chatWorld(database.database.pool, { server: { publicUrl: new URL("https://chuanda.example") } });
  const entered = await secure.post(await secure.link(await zhou()), {});
  expect(entered.headers.get("set-cookie")).toMatch(/^__Host-chuanda=/);
  expectSafe(entered, true);
  await secure.server.stop();
});

describe("acting as somebody", () => {
  it("needs no cookie where the demo offers it, and does not exist elsewhere", async () => {
    const { chat } = await inside();
    const demo = await chatWorld(database.database.pool, { actAs: [{ base: "/demo/as/official", chat }] });
    const page = await (await demo.visit("/demo/as/official")).text();
    expect(page).toContain('action="/demo/as/official/say"');
    expect((await demo.post("/demo/as/official/say", { text: "hello" }, jsonly)).status).toBe(204);
    expect(demo.received).toMatchObject([{ from: { chat }, what: { kind: "text", text: "hello" } }]);
    const stream = await listen(`${demo.url}/demo/as/official/events?after=0`, {});
    await expect.poll(() => stream.heard.length, SOON).toBe(1);
    stream.stop();
    expect((await world.visit("/demo/as/official")).status).toBe(404);
    expect((await world.post("/demo/as/official/say", { text: "hello" })).status).toBe(404);
    await demo.server.stop();
  });

  it("can be drawn on a page with others, and followed there", async () => {
    const { chat } = await inside();
    const place = { chat, base: "/demo/as/worker", log: "log-worker" };
    const drawn = await world.platform.view.draw(place, "en");
    expect(drawn?.seq).toBe(0n);
    const stop = new AbortController();
    const heard: string[] = [];
    const following = world.platform.view.follow(
      { ...place, seq: 0n, locale: "en" },
      async ({ seq, data }) => void heard.push(`${seq} ${data}`),
      stop.signal,
    );
    await world.send(chat, cards.notice("en"));
    await expect.poll(() => heard.length, SOON).toBe(1);
    expect(heard[0]).toMatch(/^1 \["log-worker",.*action=\\"\/demo\/as\/worker\/press\\"/);
    stop.abort();
    await following;
    expect(await world.platform.view.draw({ ...place, chat: "nobody" }, "en")).toBeNull();
  });
});
