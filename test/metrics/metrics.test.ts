import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DELIVERY_STATES, LANES } from "../../src/domain/delivery.ts";
import { type OpenMetrics, openMetrics } from "../../src/metrics/metrics.ts";
import { backlogStore } from "../../src/store/backlog.ts";
import { processStore } from "../../src/store/processes.ts";
import type { Open } from "../scripted/open.ts";
import { overPostgres } from "../scripted/open.ts";
import { type Parts, parts } from "../scripted/parts.ts";
import { freshPostgres } from "../setup/database.ts";
import { readExposition, type Sample } from "./exposition.ts";

const PLATFORM = "scripted-telegram";
const VERSION = "1.2.3";

let open: Open;
let all: Parts;
let metrics: OpenMetrics;
const chats = ["canary-chat-1", "canary-chat-2", "canary-chat-3"];

const read = async () => {
  const real = new Date();
  return {
    backlog: await backlogStore(open.db).read(real),
    roles: ["web", "worker", "worker"],
    now: all.clock.now(),
    real,
  };
};
const opened = () => openMetrics({ version: VERSION, platforms: ["web", PLATFORM], read });

/** Everything that a process counts, once. */
const happen = (to: OpenMetrics): void => {
  to.sent(PLATFORM, "send", "sent", 0.02);
  to.sent(PLATFORM, "redraw", "in-doubt", 16);
  to.swept({ returned: 1, doubted: 2, poisonous: 0, repeated: 0, refreshed: 3 });
  to.sealed(7);
  to.received(PLATFORM, "press");
  to.handled(2);
  to.hintTaken("answer", 0.004);
  to.refused("telegram", "forged");
  to.requested({ method: "GET", route: "/chat/enter/:token", status: 200, seconds: 0.1 });
  to.requested({ method: "BREW", route: "other", status: 404, seconds: 0.1 });
};

const scraped = async (from: OpenMetrics) => readExposition((await from.scrape()).text);
const sampleOf = (samples: readonly Sample[], name: string, labels: Sample["labels"] = {}): number | undefined =>
  samples.find(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  )?.value;

beforeAll(async () => {
  open = await overPostgres(await freshPostgres());
  all = parts(open.db);
  const to = await all.office.people(PLATFORM, chats);
  const now = all.clock.now();
  const ids = await all.office.deliver(to, await all.office.notice(now), "bulk", new Date(now.getTime() - 90_000));
  const times = { now, real: new Date() };
  await open.db
    .$executeRaw`UPDATE "delivery" SET "state" = 'sent', "sent_at" = ${now} WHERE "id" = ${ids[0] as bigint}`;
  await open.db.$executeRaw`UPDATE "delivery" SET "wanted_rev" = 2 WHERE "id" = ${ids[0] as bigint}`;
  await open.db.$executeRaw`
    UPDATE "delivery" SET "state" = 'in-doubt', "doubt_at" = ${new Date(now.getTime() - 30_000)} WHERE "id" = ${ids[1] as bigint}`;
  for (const id of ["e1", "e2"]) {
    const what = { kind: "text", text: "canary words" } as const;
    const from = { platform: PLATFORM, chat: id } as const;
    const stored = await all.inbound.put({ id, from, language: null, what }, times);
    if (id === "e2" && stored) await all.inbound.fail(stored);
  }
  const body = JSON.stringify({ at: new Date(now.getTime() - 45_000).toISOString() });
  await open.db.$executeRaw`INSERT INTO "ledger_inbox" ("body") VALUES (convert_to(${body}, 'UTF8'))`;
  metrics = opened();
  happen(metrics);
});
afterAll(() => open.close());

describe("a scrape", () => {
  it("says how many wait, since when, and what was counted", async () => {
    const { samples } = await scraped(metrics);
    const value = (name: string, labels: Sample["labels"] = {}) => sampleOf(samples, `chuanda_${name}`, labels);
    const bulk = { platform: PLATFORM, lane: "bulk" };
    expect(value("deliveries", { ...bulk, state: "pending" })).toBe(1);
    expect(value("deliveries", { ...bulk, state: "in-doubt" })).toBe(1);
    expect(value("deliveries", { platform: "web", lane: "urgent", state: "pending" })).toBe(0);
    expect(value("lane_oldest_seconds", bulk)).toBeGreaterThanOrEqual(90);
    expect(value("doubt_oldest_seconds", bulk)).toBeGreaterThanOrEqual(30);
    expect(value("redraws", { platform: PLATFORM })).toBe(1);
    expect([value("inbound_pending"), value("inbound_failed")]).toEqual([1, 1]);
    expect(value("ledger_unsealed_entries")).toBe(1);
    expect(value("ledger_oldest_unsealed_seconds")).toBeGreaterThanOrEqual(45);
    expect(value("processes", { role: "worker" })).toBe(2);
    expect(value("sends_total", { platform: PLATFORM, work: "send", outcome: "sent" })).toBe(1);
    expect(value("swept_deliveries_total", { result: "doubted" })).toBe(2);
    expect(value("webhooks_refused_total", { platform: "telegram", reason: "forged" })).toBe(1);
    expect(value("http_request_duration_seconds_count", { method: "other", route: "other" })).toBe(1);
    expect(sampleOf(samples, "chuanda_build_info", { version: VERSION })).toBe(1);
    expect(value("database_up")).toBe(1);
  });

  it("names things as the field does: base units, counters that end in total, and a prefix of our own", async () => {
    const { types } = await scraped(metrics);
    for (const [name, type] of types) {
      expect(name).toMatch(/^(chuanda|process|nodejs)_[a-z0-9_]+$/);
      expect(name).not.toMatch(/_(ms|milliseconds|minutes|kb|percent)(_|$)/);
      if (name.startsWith("chuanda_")) expect([name, name.endsWith("_total")]).toEqual([name, type === "counter"]);
    }
  });

  it("tells series apart by closed sets alone, and holds nobody's words or address", async () => {
    const { text } = await metrics.scrape();
    expect(text).not.toMatch(/canary/);
    const closed: Readonly<Record<string, RegExp | readonly string[]>> = {
      platform: ["web", "telegram", PLATFORM],
      lane: LANES,
      state: DELIVERY_STATES,
      work: ["send", "redraw"],
      outcome: ["sent", "later", "gone", "moved", "refused", "in-doubt", "threw"],
      result: ["returned", "doubted", "poisonous", "repeated", "refreshed"],
      kind: ["press", "stale-press", "command", "text", "language", "receipt"],
      job: ["dispatch", "answer", "seal"],
      reason: ["forged", "stale", "unreadable", "not-taken"],
      role: ["web", "worker"],
      method: ["GET", "HEAD", "POST", "other"],
      route: ["/chat/enter/:token", "other"],
      status: /^[1-5]\d\d$/,
      version: [VERSION],
      le: /^(\+Inf|[\d.]+)$/,
    };
    for (const { name, labels } of readExposition(text).samples.filter((each) => each.name.startsWith("chuanda_")))
      for (const [label, value] of Object.entries(labels)) {
        const set = closed[label];
        const fits = set instanceof RegExp ? set.test(value) : set?.includes(value);
        expect([name, label, value, fits]).toEqual([name, label, value, true]);
      }
  });

  it("goes on without its database, says so, and shows no figure that nobody knows", async () => {
    const blind = openMetrics({ version: VERSION, platforms: ["web"], read: () => Promise.reject(new Error("away")) });
    happen(blind);
    const { samples } = await scraped(blind);
    expect(sampleOf(samples, "chuanda_database_up")).toBe(0);
    expect(sampleOf(samples, "chuanda_sends_total")).toBe(1);
    expect(sampleOf(samples, "chuanda_inbound_pending")).toBeUndefined();
  });

  it("asks the database once, however many ask", async () => {
    let asked = 0;
    const counting = openMetrics({
      version: VERSION,
      platforms: ["web"],
      read: () => {
        asked += 1;
        return read();
      },
    });
    await Promise.all([counting.scrape(), counting.scrape()]);
    await counting.scrape();
    expect(asked).toBe(1);
  });
});

describe("the dashboard and the alerts", () => {
  /** Names of metrics in an expression: what is left without labels, groupings, strings, durations and functions. */
  const namesIn = (expression: string): readonly string[] =>
    [
      ...expression
        .replace(/\{[^}]*\}|\[[^\]]*\]|"[^"]*"/g, "")
        .replace(/\b(by|without|on|ignoring)\s*\([^)]*\)/g, "")
        .matchAll(/[a-zA-Z_:][\w:]*(?!\w*\s*\()/g),
    ].map(([name]) => name);

  it("ask for nothing but what a scrape has", async () => {
    const { types } = await scraped(metrics);
    const known = new Set(
      [...types].flatMap(([name, type]) =>
        type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
      ),
    );
    const board = JSON.parse(readFileSync("src/metrics/grafana.json", "utf8"));
    const asked: readonly string[] = [
      ...board.panels.flatMap(({ targets = [] }: { targets?: { expr: string }[] }) => targets.map(({ expr }) => expr)),
      ...[...readFileSync("src/metrics/alerts.yml", "utf8").matchAll(/expr: (?!>-)(.*)$/gm)].map(([, expr]) => expr),
    ];
    expect(asked.length).toBeGreaterThan(30);
    for (const expression of asked) {
      expect([expression, namesIn(expression).length]).not.toEqual([expression, 0]);
      for (const name of namesIn(expression))
        expect([expression, name, known.has(name)]).toEqual([expression, name, true]);
    }
  });
});

it("a process that stops is forgotten; one that vanished is remembered for a day", async () => {
  const processes = processStore(open.db);
  const real = new Date();
  const started = (id: string) => ({ id, roles: ["worker"], version: VERSION, startedAt: real });
  const ago = (hours: number) => new Date(real.getTime() - hours * 3_600_000);
  await processes.beat(started("long-gone"), ago(30));
  await processes.beat(started("vanished"), ago(1));
  await processes.beat(started("stopped"), real);
  await processes.leave("stopped");
  await processes.beat(started("living"), real);
  expect((await processes.all()).map(({ id }) => id).sort()).toEqual(["living", "vanished"]);
});
