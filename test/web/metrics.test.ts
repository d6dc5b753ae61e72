import { afterEach, expect, it } from "vitest";
import type { Refused, Route } from "../../src/ports/route.ts";
import type { ServerOptions } from "../../src/web/server.ts";
import { readExposition } from "../metrics/exposition.ts";
import { page, serve } from "./serve.ts";

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});
const open = async (routes: readonly Route[], options: Partial<ServerOptions> = {}) => {
  const served = await serve(routes, options);
  endings.push(served.stop);
  return served;
};
const TOKEN = "0123456789abcdef0123";

it("shows metrics to this machine alone, and to nobody who came through a proxy on it", async () => {
  const { visit } = await open([]);
  const answer = await visit("/metrics");
  expect([answer.status, answer.headers.get("content-type")]).toEqual([
    200,
    "text/plain; version=0.0.4; charset=utf-8",
  ]);
  expect(readExposition(await answer.text()).types.get("chuanda_build_info")).toBe("gauge");
  for (const name of ["x-forwarded-for", "forwarded", "x-real-ip", "via"]) {
    const proxied = await visit("/metrics", { headers: { [name]: "127.0.0.1" } });
    expect([name, proxied.status, await proxied.text()]).toEqual([name, 403, ""]);
  }
});

it("with a token, shows them to whoever bears it and to nobody else, who may not guess for long", async () => {
  const { visit } = await open([], { metricsToken: TOKEN });
  const ask = async (authorization?: string) => {
    const headers = { "x-forwarded-for": "10.0.0.9", ...(authorization ? { authorization } : {}) };
    return (await visit("/metrics", { headers })).status;
  };
  for (let n = 0; n < 12; n++) expect(await ask(`Bearer ${TOKEN}`)).toBe(200);
  expect([await ask(), await ask("Bearer wrong"), await ask(`Basic ${TOKEN}`)]).toEqual([401, 401, 401]);
  for (let n = 0; n < 7; n++) await ask("Bearer guess");
  expect(await ask("Bearer guess")).toBe(429);
});

it("counts requests by the pattern of their path, and what webhooks turn away by platform and reason", async () => {
  const refuse =
    (reason: Refused["reason"]): Route["handle"] =>
    async () => ({ kind: "refused", platform: "telegram", reason });
  const webhook = (reason: Refused["reason"]): Route => ({
    ...page(`/webhooks/${reason}`, { method: "POST", from: "machines" }),
    handle: refuse(reason),
  });
  const { visit } = await open([
    page("/read/:token"),
    ...(["forged", "stale", "unreadable", "not-taken"] as const).map(webhook),
  ]);
  await visit("/read/canary-token");
  await visit("/nowhere/canary-path");
  await visit("/read/canary-token", { method: "PUT" });
  const statuses = ["forged", "stale", "unreadable", "not-taken"].map(async (reason) => {
    const answer = await visit(`/webhooks/${reason}`, { method: "POST", body: "{}" });
    return [answer.status, await answer.text()];
  });
  expect(await Promise.all(statuses)).toEqual([
    [401, ""],
    [401, ""],
    [400, ""],
    [503, ""],
  ]);

  const text = await (await visit("/metrics")).text();
  expect(text).not.toContain("canary");
  const { samples } = readExposition(text);
  const counted = samples.filter(({ name }) => name === "chuanda_http_request_duration_seconds_count");
  const requests = counted.map(
    ({ labels: { method, route, status }, value }) => `${method} ${route} ${status}: ${value}`,
  );
  expect(requests).toEqual(
    expect.arrayContaining(["GET /read/:token 200: 1", "GET other 404: 1", "other /read/:token 405: 1"]),
  );
  const refused = samples.filter(({ name }) => name === "chuanda_webhooks_refused_total");
  expect(refused).toContainEqual({
    name: "chuanda_webhooks_refused_total",
    labels: { platform: "telegram", reason: "forged" },
    value: 1,
  });
});

it("says that it is not ready as soon as it is to stop, while it still answers", async () => {
  const { visit, server } = await open([page("/page")]);
  expect((await visit("/readyz")).status).toBe(200);
  server.drain();
  expect((await visit("/readyz")).status).toBe(503);
  expect([(await visit("/page")).status, (await visit("/healthz")).status]).toEqual([200, 200]);
});
