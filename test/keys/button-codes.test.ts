import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Action } from "../../src/dialogue/action.ts";
import type { Address } from "../../src/domain/address.ts";
import type { DeliveryId, ObligationId } from "../../src/domain/ids.ts";
import { PLATFORMS } from "../../src/domain/platform.ts";
import { openKeys } from "../../src/keys/keys.ts";
import { rootKey } from "./root-key.ts";

const keys = openKeys(rootKey(1));
const id = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
const turn = fc.integer({ min: 0, max: 65_535 });
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ do: fc.constantFrom("acknowledge", "take-back"), delivery: id as fc.Arbitrary<DeliveryId>, round: turn }),
  fc.record({ do: fc.constant("proxy"), obligation: id as fc.Arbitrary<ObligationId>, generation: turn }),
  fc.record({ do: fc.constantFrom("todo", "help") }),
  fc.record({ do: fc.constant("proxy-list"), from: fc.nat() }),
) as fc.Arbitrary<Action>;
const address: fc.Arbitrary<Address> = fc.record({ platform: fc.constantFrom(...PLATFORMS), chat: fc.string() });

describe("button codes", () => {
  it("carry every action in 32 characters", () => {
    fc.assert(
      fc.property(action, address, (what, to) => {
        const code = keys.buttonCode(what, to);
        expect(code).toMatch(/^[A-Za-z0-9_-]{32}$/);
        expect(keys.readButton(code, to)).toEqual(what);
      }),
    );
  });

  it("work for no other address", () => {
    fc.assert(
      fc.property(action, address, address, (what, to, other) => {
        fc.pre(to.platform !== other.platform || to.chat !== other.chat);
        expect(keys.readButton(keys.buttonCode(what, to), other)).toBeNull();
      }),
    );
    const split = { platform: "web", chat: "" } as const;
    expect(keys.readButton(keys.buttonCode({ do: "todo" }, split), { platform: "web", chat: '","' })).toBeNull();
  });

  it("refuse every flipped bit, every other length and everything made up", () => {
    const to: Address = { platform: "telegram", chat: "1234567890" };
    fc.assert(
      fc.property(action, fc.nat({ max: 23 }), fc.nat({ max: 7 }), (what, at, bit) => {
        const bytes = Buffer.from(keys.buttonCode(what, to), "base64url");
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        expect(keys.readButton(bytes.toString("base64url"), to)).toBeNull();
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 64 }), (code) => {
        expect(keys.readButton(code, to)).toBeNull();
      }),
    );
    const code = keys.buttonCode({ do: "todo" }, to);
    for (const wrong of ["", code.slice(1), `${code}A`, `${code.slice(0, 31)}=`, ` ${code}`]) {
      expect(keys.readButton(wrong, to)).toBeNull();
    }
  });

  it("of the old key still work while keys rotate, and not afterwards", () => {
    const to: Address = { platform: "slack", chat: "U1" };
    const code = keys.buttonCode({ do: "help" }, to);
    expect(openKeys(`${rootKey(2)},${rootKey(1)}`).readButton(code, to)).toEqual({ do: "help" });
    expect(openKeys(rootKey(2)).readButton(code, to)).toBeNull();
  });
});
