import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import en from "../../locales/en.json" with { type: "json" };
import { workCalendar } from "../../src/calendar/calendar.ts";
import type { Finding } from "../../src/dialogue/finding.ts";
import { HOLES, holeOf, unsupportedSince } from "../../src/domain/known-holes.ts";
import type { DatabaseFacts, QueueFacts } from "../../src/ports/server-facts.ts";
import type { Backlog } from "../../src/ports/store/backlog-store.ts";
import { examineAll } from "../../src/services/examine.ts";
import { examineBacklog } from "../../src/services/examine-backlog.ts";
import { examineDatabase } from "../../src/services/examine-database.ts";
import { examineEmbedded } from "../../src/services/examine-embedded.ts";
import {
  examineCalendar,
  examineClock,
  examineDisk,
  examineRuntime,
  examineSecrets,
} from "../../src/services/examine-machine.ts";
import { examineProcesses } from "../../src/services/examine-processes.ts";
import { examineQueue } from "../../src/services/examine-queue.ts";

const NOW = new Date("2026-11-24T08:00:00Z");
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1_000);
/** "problem queue.down": everything but the words. */
const told = (findings: readonly Finding[]) => findings.map(({ level, code }) => `${level} ${code}`);
const complaints = (findings: readonly Finding[]) => told(findings.filter(({ level }) => level !== "ok"));

describe("the database", () => {
  const facts: DatabaseFacts = {
    version: "17.10",
    readOnly: false,
    unsafe: [],
    connections: { used: 3, most: 97 },
    aheadMs: 0,
    directory: null,
  };
  const examine = (more: Partial<DatabaseFacts>, pending: readonly string[] | null = []) =>
    examineDatabase({
      embedded: false,
      facts: async () => ({ ...facts, ...more }),
      pending: async () => pending,
      real: NOW,
    });

  it("is told of when it is old, full, unsafe, read-only, or has other tables", async () => {
    expect(told(await examine({}))).toEqual(["ok database.ok"]);
    expect(complaints(await examine({ version: "15.17" }))).toEqual(["warning database.hole"]);
    expect(complaints(await examine({ readOnly: true }))).toEqual(["problem database.read-only"]);
    expect(complaints(await examine({ unsafe: ["fsync"] }))).toEqual(["warning database.unsafe"]);
    expect(complaints(await examine({ connections: { used: 90, most: 97 } }))).toEqual(["warning database.crowded"]);
    expect(complaints(await examine({}, ["a"]))).toEqual(["warning database.pending"]);
    expect(complaints(await examine({}, null))).toEqual(["warning database.empty"]);
  });

  it("embedded, is for trials", async () => {
    const examine = (people: number, isPublic: boolean) => examineEmbedded({ people: async () => people, isPublic });
    expect(told(await examine(20_000, false))).toEqual(["warning embedded.power"]);
    expect(told(await examine(20_001, true))).toEqual([
      "warning embedded.power",
      "warning embedded.public",
      "warning embedded.people",
    ]);
  });
});

describe("the queue", () => {
  const facts: QueueFacts = {
    product: "Redis",
    version: "8.6.3",
    old: false,
    policy: "noeviction",
    persists: true,
    writesFail: false,
    full: null,
    aheadMs: 0,
  };
  const examine = (more: Partial<QueueFacts>) =>
    examineQueue({ ping: async () => {}, facts: async () => ({ ...facts, ...more }) });

  it("is told of when it is away, old, forgetful, full, or silent about itself", async () => {
    expect(told(await examine({}))).toEqual(["ok queue.ok"]);
    expect(complaints(await examine({ policy: "allkeys-lru", persists: false }))).toEqual([
      "warning queue.evicts",
      "warning queue.volatile",
    ]);
    expect(complaints(await examine({ policy: null, persists: null }))).toEqual(["warning queue.hidden"]);
    expect(complaints(await examine({ writesFail: true, full: 0.95 }))).toEqual([
      "problem queue.writes-fail",
      "warning queue.full",
    ]);
    expect(complaints(await examine({ version: "5.0.7", old: true }))).toEqual([
      "problem queue.old",
      "warning queue.hole",
    ]);
    const down = { ping: () => Promise.reject(new Error("connect ECONNREFUSED")), facts: async () => null };
    expect(told(await examineQueue(down))).toEqual(["problem queue.down"]);
  });
});

describe("known holes", () => {
  it("are found by version, line by line, and the mending version of the line is named", () => {
    expect(holeOf("Redis", "6.2.19")).toEqual({ name: "CVE-2025-49844", mendedIn: "6.2.20" });
    expect(holeOf("Redis", "7.0.15")?.mendedIn).toBe("7.2.11");
    expect(holeOf("Redis", "8.6.2")).toEqual({ name: "CVE-2026-23479", mendedIn: "8.6.3" });
    expect(["6.2.20", "6.2.22", "8.6.3", "9.0.0"].map((version) => holeOf("Redis", version))).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(holeOf("Valkey", "8.1.5")?.mendedIn).toBe("8.1.6");
    expect(holeOf("PostgreSQL", "15.18")).toBeNull();
    expect(holeOf("PostgreSQL", "18.3")?.mendedIn).toBe("18.4");
    for (const { source, affected } of HOLES)
      expect([source.startsWith("https://"), affected.length > 0]).toEqual([true, true]);
  });

  it("end with the support of a version", () => {
    expect(unsupportedSince("Node", "20.20.2", NOW)).toBe("2026-04-30");
    expect(unsupportedSince("Node", "24.1.0", NOW)).toBeNull();
    expect(unsupportedSince("PostgreSQL", "15.18", new Date("2027-11-11T12:00:00Z"))).toBeNull();
    expect(unsupportedSince("PostgreSQL", "15.18", new Date("2027-11-12T12:00:00Z"))).toBe("2027-11-11");
    expect(told(examineRuntime("20.20.2", NOW))).toEqual(["warning runtime.unsupported"]);
  });
});

describe("the machine", () => {
  it("has a clock that agrees with the servers'", () => {
    const clock = (aheadMs: number | null, real = NOW) => told(examineClock([{ name: "PostgreSQL", aheadMs }], real));
    expect([clock(1_000), clock(null)]).toEqual([["ok clock.ok"], ["ok clock.ok"]]);
    expect(clock(-5_000)).toEqual(["warning clock.skewed"]);
    expect(clock(3_600_000)).toEqual(["problem clock.skewed"]);
    expect(clock(0, new Date("2020-01-01T00:00:00Z"))).toEqual(["problem clock.past"]);
  });

  it("has a calendar of this year, and from November of the next", () => {
    const at = (day: string) =>
      told(examineCalendar(workCalendar({ zone: "Asia/Shanghai" }), new Date(`${day}T08:00:00Z`)));
    expect(at("2025-10-31")).toEqual(["ok calendar.ok"]);
    expect(at("2039-11-01")).toEqual(["problem calendar.unknown"]);
    const known = (year: number) => at(`${year}-06-01`)[0]?.startsWith("ok");
    const last = [...Array(30).keys()].map((n) => 2025 + n).findLast(known) ?? 0;
    expect([at(`${last}-10-31`), at(`${last}-11-01`)]).toEqual([["ok calendar.ok"], ["warning calendar.unknown"]]);
  });

  it("has room, and files that are closed to others", () => {
    const room = { directory: "/data", freeBytes: 50e9, freeFiles: 0.9, writable: true };
    expect(told(examineDisk(room))).toEqual(["ok disk.ok"]);
    expect(told(examineDisk({ ...room, freeBytes: 1e9 }))).toEqual(["warning disk.full"]);
    expect(told(examineDisk({ ...room, freeBytes: 1e8, freeFiles: 0.01, writable: false }))).toEqual([
      "problem disk.read-only",
      "problem disk.full",
      "warning disk.files",
    ]);
    const file = (mode: number) =>
      told(examineSecrets([{ variable: "SECRET_KEY_FILE", path: "/k", mode: 0o100000 | mode }]));
    expect([file(0o600), file(0o640), file(0o400)].flat()).toEqual(Array(3).fill("ok secrets.ok"));
    expect([file(0o644), file(0o660)].flat()).toEqual(Array(2).fill("warning secrets.open"));
  });
});

describe("the work", () => {
  const nothing: Backlog = {
    deliveries: [],
    redraws: [],
    pauses: [],
    events: { pending: 0, oldest: null, failed: 0 },
    unsealed: { count: 0, oldest: null },
  };
  const examine = (more: Partial<Backlog>, left = 0) =>
    examineBacklog(
      { read: async () => ({ ...nothing, ...more }), leftImports: async () => left },
      { now: NOW, real: NOW },
    );
  const open = (lane: "urgent" | "bulk", state: "pending" | "in-doubt", seconds: number) =>
    ({ platform: "web", lane, state, count: 2, oldest: ago(seconds) }) as const;

  it("is told of when something waits that should be done", async () => {
    expect(
      told(await examine({ deliveries: [open("bulk", "pending", 3_000), open("urgent", "pending", 60)] })),
    ).toEqual(["ok backlog.ok"]);
    expect(
      told(await examine({ deliveries: [open("bulk", "pending", 3_700), open("urgent", "pending", 130)] })),
    ).toEqual(["warning deliveries.stuck", "warning deliveries.stuck"]);
    expect(told(await examine({ deliveries: [open("bulk", "in-doubt", 1_300)] }))).toEqual([
      "warning deliveries.in-doubt",
    ]);
    expect(told(await examine({ events: { pending: 1, oldest: ago(200), failed: 1 } }))).toEqual([
      "problem inbound.stuck",
      "warning inbound.failed",
    ]);
    expect(told(await examine({ unsealed: { count: 1, oldest: ago(61) } }))).toEqual(["problem ledger.unsealed"]);
    expect(told(await examine({ unsealed: { count: 1, oldest: ago(59) } }, 1))).toEqual(["warning import.left"]);
    const until = new Date(NOW.getTime() + 600_000);
    expect(told(await examine({ pauses: [{ platform: "web", method: "*", until }] }))).toEqual([
      "warning deliveries.paused",
    ]);
  });

  it("needs somebody who does it", async () => {
    const all = (...some: readonly (readonly [role: string, seconds: number, version?: string])[]) =>
      examineProcesses(
        {
          processes: {
            all: async () =>
              some.map(([role, seconds, version = "1"], n) => ({
                ...{ id: `${n}`, roles: [role], version, startedAt: ago(9_000), seenAt: ago(seconds) },
              })),
          },
        },
        NOW,
      );
    expect(told(await all())).toEqual(["warning processes.none"]);
    expect(told(await all(["web", 5], ["worker", 5]))).toEqual(["ok processes.ok"]);
    expect(told(await all(["web", 5], ["worker", 31]))).toEqual([
      "problem processes.no-worker",
      "warning processes.gone",
    ]);
    expect(told(await all(["worker", 5]))).toEqual(["problem processes.no-web"]);
    expect(complaints(await all(["web", 5], ["worker", 5, "2"]))).toEqual(["warning processes.mixed"]);
  });
});

it("what cannot be looked at hides nothing else, and never shows what an address carries", async () => {
  const broken = () => Promise.reject(new Error("no way to postgresql://me:hunter2@db/x"));
  const steps: number[] = [];
  const found = await examineAll(
    [
      { name: "broken", examine: broken },
      { name: "clock", examine: async () => examineClock([], NOW) },
    ],
    (done) => void steps.push(done),
  );
  expect(told(found)).toEqual(["problem check.failed", "ok clock.ok"]);
  expect(JSON.stringify(found)).not.toContain("hunter2");
  expect(steps).toEqual([1, 2]);
});

it("every word that doctor has is said somewhere", () => {
  const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.includes("generated"))
    .map((name) => readFileSync(`src/${name}`, "utf8"))
    .join("\n");
  const codes = Object.keys(en).flatMap((key) => /^doctor\.([a-z-]+\.[a-z-]+)$/.exec(key)?.[1] ?? []);
  expect(codes.filter((code) => !sources.includes(`"${code}"`))).toEqual([]);
});
