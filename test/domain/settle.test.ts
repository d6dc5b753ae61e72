import { describe, expect, it } from "vitest";
import { settle, undrawn } from "../../src/domain/settle.ts";

const send = { work: "send", attempts: 1 } as const;
const redraw = { work: "redraw", attempts: 1 } as const;
const to = { platform: "telegram", chat: "2" } as const;

describe("what an outcome means", () => {
  it.each([
    ["sent", { kind: "sent", ref: "7" }, { kind: "drawn", ref: "7" }],
    ["gone", { kind: "gone", why: "blocked" }, { kind: "gone", why: "blocked" }],
    ["refused", { kind: "refused", why: "too long" }, { kind: "refused", why: "too long" }],
    ["moved", { kind: "moved", to }, { kind: "readdressed", to }],
    ["later", { kind: "later", ms: 900, scope: "chat" }, { kind: "again", ms: 900, scope: "chat", attempts: 0 }],
    ["in doubt", { kind: "in-doubt" }, { kind: "doubted" }],
  ] as const)("%s", (_, outcome, next) => {
    expect(settle(outcome, send, false)).toEqual(next);
  });

  it("never asks again without a pause, whatever the platform says", () => {
    expect(settle({ kind: "later", ms: 0, scope: "bot" }, send, false)).toMatchObject({ ms: 100 });
    expect(settle({ kind: "later", ms: -5, scope: "bot" }, send, false)).toMatchObject({ ms: 100 });
  });

  it("tries again what cannot double, alone and ever more patiently, for at most a minute at a time", () => {
    const waits = [1, 2, 5, 50].map((attempts) => settle({ kind: "in-doubt" }, { ...send, attempts }, true));
    expect(waits).toEqual([
      { kind: "again", ms: 500, scope: "message", attempts: 1 },
      { kind: "again", ms: 1_000, scope: "message", attempts: 2 },
      { kind: "again", ms: 8_000, scope: "message", attempts: 5 },
      { kind: "again", ms: 60_000, scope: "message", attempts: 50 },
    ]);
    expect(settle({ kind: "in-doubt" }, redraw, false)).toMatchObject({ kind: "again", scope: "message" });
  });

  it("does not follow an address that moves in circles", () => {
    expect(settle({ kind: "moved", to }, { ...send, attempts: 5 }, false)).toEqual({
      kind: "refused",
      why: "moved-in-circles",
    });
  });

  it("gives up what cannot be drawn at the fifth try", () => {
    expect(undrawn(4)).toMatchObject({ kind: "again", attempts: 4 });
    expect(undrawn(5)).toEqual({ kind: "refused", why: "cannot-be-drawn" });
  });
});
