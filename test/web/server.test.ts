import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { Route } from "../../src/ports/route.ts";
import type { ServerOptions } from "../../src/web/server.ts";
import { page, serve, speak } from "./serve.ts";

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});
const open = async (routes: readonly Route[], options: Partial<ServerOptions> = {}) => {
  const served = await serve(routes, options);
  endings.push(served.stop);
  return served;
};

const SECRET = "password=hunter2 at 10.0.0.7";
const broken = async (): Promise<Response> => {
  throw new Error(SECRET);
};
const bounds = { headers: 10_000, request: 10_000, answer: 10_000, stop: 3_000 };

describe("problems", () => {
  it("are told in the visitor's language, with a number that the log knows and nothing of our insides", async () => {
    const { visit, log } = await open([page("/broken", { handle: broken })]);
    for (const [language, title] of [
      ["zh-CN", "我们这边出错了"],
      ["en", "That went wrong on our side"],
    ] as const) {
      const answer = await visit("/broken", { headers: { "accept-language": language } });
      const text = await answer.text();
      expect(answer.status).toBe(500);
      expect(answer.headers.get("content-language")).toBe(language);
      expect(text).toContain(`<html lang="${language}"`);
      expect(text).toContain(title);
      expect(text).not.toMatch(/hunter2|Error|node_modules|\.ts/);
      const number = /[A-Z2-9]{4}-[A-Z2-9]{4}/.exec(text)?.[0];
      expect(log.entries).toContainEqual(
        expect.objectContaining({ level: "error", fields: expect.objectContaining({ number, route: "/broken" }) }),
      );
    }
  });

  it("are words in JSON for a script", async () => {
    const { visit } = await open([]);
    const answer = await visit("/nowhere", { headers: { accept: "application/json", "accept-language": "en" } });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual({
      words: "There is no such page. Perhaps the address was cut short. Check it, or go to your messages.",
    });
  });

  it("name the methods that a known path takes", async () => {
    const { visit } = await open([page("/form"), page("/form", { method: "POST" }), page("/read/:name")]);
    const put = await visit("/form", { method: "PUT" });
    expect([put.status, put.headers.get("allow")]).toEqual([405, "GET, HEAD, POST"]);
    const post = await visit("/read/a", { method: "POST", headers: { "sec-fetch-site": "same-origin" } });
    expect([post.status, post.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    expect((await visit("/healthz", { method: "DELETE" })).status).toBe(405);
    expect((await visit("/form/more")).status).toBe(404);
  });

  it("include a handler that does not come to an end", async () => {
    const { visit } = await open([page("/slow", { handle: () => new Promise(() => {}) })], {
      bounds: { ...bounds, answer: 100 },
    });
    expect((await visit("/slow")).status).toBe(503);
  });
});

it("answers HEAD without a body, and opens no stream for it", async () => {
  let runs = 0;
  const feed = { kind: "events", key: "k", run: async () => void runs++ } as const;
  const { visit } = await open([page("/page"), page("/events", { handle: async () => feed })]);
  for (const path of ["/page", "/events"]) {
    const answer = await visit(path, { method: "HEAD" });
    expect([answer.status, await answer.text()]).toEqual([200, ""]);
  }
  expect(runs).toBe(0);
});

describe("a post from a page", () => {
  const change = page("/change", { method: "POST", handle: async () => new Response("done") });
  const hook = page("/webhooks/x", { method: "POST", from: "machines", handle: async () => new Response("done") });

  it("is taken from pages of this origin alone", async () => {
    const { visit, url } = await open([change, hook]);
    const own = new URL(url).host;
    const table: readonly (readonly [Record<string, string>, number])[] = [
      [{}, 403],
      [{ "sec-fetch-site": "same-origin" }, 200],
      [{ "sec-fetch-site": "same-site" }, 403],
      [{ "sec-fetch-site": "cross-site" }, 403],
      [{ "sec-fetch-site": "none" }, 403],
      [{ "sec-fetch-site": "cross-site", origin: url }, 403],
      [{ origin: url }, 200],
      [{ origin: `http://${own}.evil.example` }, 403],
      [{ origin: "http://evil.example" }, 403],
      [{ origin: "null" }, 403],
      [{ origin: "" }, 403],
      [{ origin: "not an origin" }, 403],
    ];
    for (const [headers, status] of table) {
      expect((await visit("/change", { method: "POST", headers })).status, JSON.stringify(headers)).toBe(status);
    }
    expect((await visit("/webhooks/x", { method: "POST" })).status).toBe(200);
  });

  it("is counted against nobody where a platform sends it: its events all come from a few addresses", async () => {
    const { visit } = await open([change, hook], { rates: { normal: 2, tight: 10 } });
    const statuses = [];
    for (let at = 0; at < 5; at++) statuses.push((await visit("/webhooks/x", { method: "POST" })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200]);
  });

  it("may come by the public address when a proxy rewrites the host", async () => {
    const { visit } = await open([change], { publicUrl: new URL("https://chuanda.example") });
    expect((await visit("/change", { method: "POST", headers: { origin: "https://chuanda.example" } })).status).toBe(
      200,
    );
    expect((await visit("/change", { method: "POST", headers: { origin: "https://other.example" } })).status).toBe(403);
  });

  it("may hold 64 kB from a page and 1 MB from a machine, counted as they come", async () => {
    const echo = async ({ request }: { request: Request }) => new Response(String((await request.text()).length));
    const { visit } = await open([
      { ...change, handle: echo },
      { ...hook, handle: echo },
    ]);
    const send = async (path: string, size: number, chunked: boolean) => {
      const chunks = (count: number) =>
        new ReadableStream({
          pull: (out) => (count-- > 0 ? out.enqueue(new Uint8Array(1024).fill(97)) : out.close()),
        });
      const body = chunked ? chunks(size / 1024) : "a".repeat(size);
      const headers = { "sec-fetch-site": "same-origin" };
      return (await visit(path, { method: "POST", headers, body, duplex: "half" } as RequestInit)).status;
    };
    for (const chunked of [false, true]) {
      expect(await send("/change", 64 * 1024, chunked)).toBe(200);
      expect(await send("/change", 66 * 1024, chunked)).toBe(413);
      expect(await send("/webhooks/x", 1024 * 1024, chunked)).toBe(200);
      expect(await send("/webhooks/x", 1026 * 1024, chunked)).toBe(413);
    }
  });
});

describe("too many requests", () => {
  const guess = page("/enter/:token", {
    rate: "tight",
    handle: async ({ params }) => new Response("", { status: params.token === "right" ? 200 : 410 }),
  });
  const from = (address: string) => ({ headers: { "x-forwarded-for": address } });
  const behindProxy = { publicUrl: new URL("https://chuanda.example") };

  it("end guessing after ten failures a minute, and never hinder who knows", async () => {
    const { visit } = await open([guess]);
    for (let at = 0; at < 30; at++) expect((await visit("/enter/right")).status).toBe(200);
    for (let at = 0; at < 10; at++) expect((await visit(`/enter/${at}`)).status).toBe(410);
    expect((await visit("/enter/again")).status).toBe(429);
    expect((await visit("/nowhere")).status).toBe(404);
  });

  it("are counted for each address, and for a whole home network of IPv6", async () => {
    const { visit } = await open([guess], behindProxy);
    const knock = async (address: string) => (await visit("/enter/wrong", from(address))).status;
    for (let at = 0; at < 10; at++) await knock("203.0.113.7");
    expect(await knock("203.0.113.7")).toBe(429);
    expect(await knock("203.0.113.8")).toBe(410);
    expect(await knock("9.9.9.9, 203.0.113.7")).toBe(429);
    for (let at = 0; at < 10; at++) await knock(`2001:db8:1:2::${at}`);
    expect(await knock("2001:db8:1:2:ffff::1")).toBe(429);
    expect(await knock("2001:db8:1:3::1")).toBe(410);
  });

  it("cannot be hidden behind a header where there is no proxy", async () => {
    const { visit } = await open([guess]);
    for (let at = 0; at < 10; at++) await visit("/enter/wrong", from(`203.0.113.${at}`));
    expect((await visit("/enter/wrong", from("203.0.113.99"))).status).toBe(429);
  });

  it("are refused in words, and never keep a health check waiting", async () => {
    const { visit } = await open([page("/page")], { rates: { normal: 3, tight: 10 } });
    for (let at = 0; at < 3; at++) expect((await visit("/page")).status).toBe(200);
    const refused = await visit("/page", { headers: { "accept-language": "en" } });
    expect(refused.status).toBe(429);
    expect(await refused.text()).toContain("Please wait a minute");
    expect((await visit("/healthz")).status).toBe(200);
    expect((await visit("/readyz")).status).toBe(200);
  });
});

describe("slow and broken clients", () => {
  it("are let go while others are served", async () => {
    const { visit, url } = await open([page("/page")], { bounds: { ...bounds, headers: 400, request: 800 } });
    const started = performance.now();
    const headersOnly = Array.from({ length: 50 }, () => speak(url, "GET /page HTTP/1.1\r\nHost: x\r\nX-Slow: "));
    const bodyMissing = speak(url, "POST /page HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc");
    expect((await visit("/page")).status).toBe(200);
    for (const heard of await Promise.all(headersOnly)) expect(heard).toMatch(/^HTTP\/1.1 408/);
    await bodyMissing;
    expect(performance.now() - started).toBeLessThan(5_000);
    expect((await visit("/page")).status).toBe(200);
  });

  it("get our headers even when what they say is no HTTP", async () => {
    const { url } = await open([]);
    for (const noise of [
      "\x16\x03\x01 hello\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a b c\r\nConnection: close\r\n\r\n",
      "GET \\.. HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    ]) {
      const heard = (await speak(url, noise)).toLowerCase();
      expect(heard).toMatch(/^http\/1.1 400/);
      expect(heard).toContain("content-security-policy: default-src 'none'");
    }
  });
});

describe("readiness", () => {
  const fine = { name: "queue", check: async () => {} };

  it("is 200 when everything answers, and shares one question among those who ask together", async () => {
    let asked = 0;
    const slow = {
      name: "database",
      check: async () => {
        await sleep(50);
        asked++;
      },
    };
    const { visit } = await open([], { checks: [slow, fine] });
    const answers = await Promise.all(Array.from({ length: 5 }, () => visit("/readyz")));
    for (const answer of answers) {
      expect([answer.status, await answer.json()]).toEqual([
        200,
        { ready: true, checks: { database: "ok", queue: "ok" } },
      ]);
    }
    expect(asked).toBe(1);
    expect(await (await visit("/healthz")).text()).toBe("ok");
  });

  it("is 503 with a plain reason for each that does not answer, within its bound, and without secrets", async () => {
    const refused = new AggregateError([Object.assign(new Error(""), { code: "ECONNREFUSED" })], "");
    const fail = (error: unknown) => async () => Promise.reject(error);
    const { visit } = await open([], {
      checks: [
        fine,
        { name: "database", check: fail(refused) },
        { name: "redis", check: fail(new Error("cannot reach redis://user:hunter2@10.0.0.7\nat line 3")) },
        { name: "telegram", check: () => new Promise(() => {}) },
      ],
    });
    const started = performance.now();
    const answer = await visit("/readyz");
    expect(performance.now() - started).toBeLessThan(4_000);
    expect([answer.status, await answer.json()]).toEqual([
      503,
      {
        ready: false,
        checks: {
          queue: "ok",
          database: "ECONNREFUSED",
          redis: "cannot reach redis://10.0.0.7",
          telegram: "no answer within 2 s",
        },
      },
    ]);
    expect((await visit("/healthz")).status).toBe(200);
  });
});

describe("a stop", () => {
  it("finishes what is in flight, ends the streams and then closes", async () => {
    const feed = {
      kind: "events",
      key: "k",
      run: (_: unknown, signal: AbortSignal) =>
        new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve())),
    } as const;
    const slow = async () => {
      await sleep(300);
      return new Response("finished");
    };
    const { visit, stop } = await serve([
      page("/slow", { handle: slow }),
      page("/events", { handle: async () => feed }),
    ]);
    const stream = await visit("/events");
    const inFlight = visit("/slow");
    await sleep(100);
    const started = performance.now();
    const stopped = stop();
    expect(await (await inFlight).text()).toBe("finished");
    await stream.text();
    await stopped;
    expect(performance.now() - started).toBeLessThan(2_000);
    await expect(visit("/slow")).rejects.toThrow();
  });

  it("does not wait for ever for a handler that hangs", async () => {
    const hung = page("/hung", { handle: () => new Promise(() => {}) });
    const { visit, stop } = await serve([hung], { bounds: { ...bounds, stop: 300 } });
    const lost = visit("/hung").catch(() => "cut");
    await sleep(100);
    const started = performance.now();
    await stop();
    expect(performance.now() - started).toBeLessThan(1_500);
    expect(await lost).toBe("cut");
  });
});
