import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Action } from "../../src/dialogue/action.ts";
import { ACTION_BYTES, BATCH_ACKS, decodeAction, encodeAction } from "../../src/dialogue/action.ts";
import type { DeliveryId, DraftId, EnrolmentId, ObligationId, TaskId } from "../../src/domain/ids.ts";

/** Database ids are positive 64-bit numbers. */
const id = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n });
const turn = fc.integer({ min: 1, max: 65_535 });
const actions = fc.oneof<fc.Arbitrary<Action>[]>(
  fc.record({
    do: fc.constantFrom("acknowledge" as const, "take-back" as const),
    delivery: id.map((value) => value as DeliveryId),
    round: turn,
  }),
  fc.record({
    do: fc.constant("proxy" as const),
    obligation: id.map((value) => value as ObligationId),
    generation: turn,
  }),
  fc.record({ do: fc.constant("read" as const), delivery: id.map((value) => value as DeliveryId), page: turn }),
  fc.record({ do: fc.constantFrom("todo" as const, "help" as const) }),
  fc.record({ do: fc.constant("proxy-list" as const), from: fc.nat() }),
  fc.record({
    do: fc.constant("answer" as const),
    draft: id.map((value) => value as DraftId),
    mark: fc.integer({ min: 0, max: 65_535 }),
  }),
  fc.record({
    do: fc.constantFrom("approve" as const, "refuse" as const),
    enrolment: id.map((value) => value as EnrolmentId),
  }),
  fc.record({ do: fc.constant("open" as const), delivery: id.map((value) => value as DeliveryId) }),
  fc.record({
    do: fc.constant("acknowledge-all" as const),
    delivery: id.map((value) => value as DeliveryId),
    ack: fc.constantFrom(...BATCH_ACKS),
  }),
  fc.record({ do: fc.constant("task-done" as const), task: id.map((value) => value as TaskId) }),
);

const KINDS: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 14, 15, 16]);

describe("the code of a button", () => {
  it("is twelve bytes for every action, and gives it back", () => {
    fc.assert(
      fc.property(actions, (action) => {
        const bytes = encodeAction(action);
        expect(bytes).toHaveLength(ACTION_BYTES);
        expect(ACTION_BYTES).toBe(12);
        expect(decodeAction(bytes)).toEqual(action);
      }),
    );
  });

  it("is read from the middle of a larger buffer", () => {
    fc.assert(
      fc.property(actions, (action) => {
        const whole = new Uint8Array(30).fill(255);
        whole.set(encodeAction(action), 9);
        expect(decodeAction(whole.subarray(9, 9 + ACTION_BYTES))).toEqual(action);
      }),
    );
  });

  it("differs for actions that differ", () => {
    fc.assert(
      fc.property(actions, actions, (one, two) => {
        const same = Buffer.from(encodeAction(one)).equals(encodeAction(two));
        expect(same).toBe(JSON.stringify(one, text) === JSON.stringify(two, text));
      }),
    );
  });

  it("keeps its numbers from one release to the next", () => {
    const hex = (action: Action) => Buffer.from(encodeAction(action)).toString("hex");
    const delivery = 258n as DeliveryId;
    expect(hex({ do: "acknowledge", delivery, round: 3 })).toBe("010100000000000001020003");
    expect(hex({ do: "take-back", delivery, round: 3 })).toBe("010200000000000001020003");
    expect(hex({ do: "proxy", obligation: 258n as ObligationId, generation: 3 })).toBe("010300000000000001020003");
    expect(hex({ do: "todo" })).toBe("010400000000000000000000");
    expect(hex({ do: "help" })).toBe("010500000000000000000000");
    expect(hex({ do: "read", delivery, page: 2 })).toBe("010700000000000001020002");
    expect(hex({ do: "proxy-list", from: 8 })).toBe("010600000000000000080000");
    expect(hex({ do: "answer", draft: 258n as DraftId, mark: 3 })).toBe("010b00000000000001020003");
    expect(hex({ do: "approve", enrolment: 258n as EnrolmentId })).toBe("010c00000000000001020000");
    expect(hex({ do: "refuse", enrolment: 258n as EnrolmentId })).toBe("010d00000000000001020000");
    expect(hex({ do: "open", delivery })).toBe("010e00000000000001020000");
    expect(hex({ do: "acknowledge-all", delivery, ack: "undertake" })).toBe("010f00000000000001020001");
    expect(hex({ do: "task-done", task: 258n as TaskId })).toBe("011000000000000001020000");
  });

  it("is nothing in another version, of another kind or of another length", () => {
    fc.assert(
      fc.property(actions, fc.integer({ min: 0, max: 255 }), (action, byte) => {
        const bytes = encodeAction(action);
        const version = bytes.slice();
        version[0] = byte;
        if (byte !== 1) expect(decodeAction(version)).toBeNull();
        const kind = bytes.slice();
        kind[1] = byte;
        if (!KINDS.has(byte)) expect(decodeAction(kind)).toBeNull();
        expect(decodeAction(bytes.slice(0, byte % ACTION_BYTES))).toBeNull();
        expect(decodeAction(new Uint8Array([...bytes, byte]))).toBeNull();
      }),
    );
  });

  it("never throws on bytes that are not ours", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
        const action = decodeAction(bytes);
        if (bytes.length !== ACTION_BYTES || bytes[0] !== 1) expect(action).toBeNull();
      }),
    );
    fc.assert(
      fc.property(actions, fc.nat({ max: ACTION_BYTES - 1 }), fc.integer({ min: 1, max: 255 }), (action, at, flip) => {
        const bytes = encodeAction(action);
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        // What an action does not use is not looked at.
        const isTurnless =
          action.do === "proxy-list" || action.do === "open" || "enrolment" in action || "task" in action;
        const idle = action.do === "todo" || action.do === "help" || (isTurnless && at >= 10);
        if (!idle) expect(decodeAction(bytes)).not.toEqual(action);
        else expect(() => decodeAction(bytes)).not.toThrow();
      }),
    );
  });
});

const text = (_: string, value: unknown): unknown => (typeof value === "bigint" ? String(value) : value);
