import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keyProblemWords } from "../../src/dialogue/key-problem-words.ts";
import { openKeys } from "../../src/keys/keys.ts";
import { readRootKeys } from "../../src/keys/root-keys.ts";
import { rootKey } from "./root-key.ts";

const old = openKeys(rootKey(1));
const rotating = openKeys(`${rootKey(2)}, ${rootKey(1)}`);
const renewed = openKeys(rootKey(2));

describe("SECRET_KEY", () => {
  const short = randomBytes(31).toString("base64");
  it.each([
    ["nothing", "", { kind: "not-base64", part: 1 }],
    ["words", "correct horse battery staple!", { kind: "not-base64", part: 1 }],
    ["hexadecimal", "0f".repeat(32), { kind: "wrong-length", part: 1, bytes: 48 }],
    ["one byte too few", short, { kind: "wrong-length", part: 1, bytes: 31 }],
    ["a bad second key", `${rootKey(1)},${short}`, { kind: "wrong-length", part: 2, bytes: 31 }],
    ["a comma too many", `${rootKey(1)},`, { kind: "not-base64", part: 2 }],
    ["the same key twice", `${rootKey(1)},${rootKey(1)}`, { kind: "same-twice", part: 2 }],
  ] as const)("is refused when it holds %s, and what is wrong is told without showing it", (_, value, problem) => {
    expect(readRootKeys(value)).toEqual({ problem });
    expect(() => openKeys(value)).toThrow(`SECRET_KEY cannot be used: ${JSON.stringify(problem)}`);
    const { key, values } = keyProblemWords(problem);
    expect(key).toBe(`keys.${problem.kind}`);
    expect(values.part).toBe(problem.part);
  });

  it("is taken with or without padding", () => {
    const value = randomBytes(32).toString("base64");
    expect(openKeys(value.replace("=", "")).probe()).toBe(openKeys(value).probe());
  });
});

describe("indexes", () => {
  it("are 16 bytes, equal for equal values however they are composed, and different by purpose and key", () => {
    const index = old.index("name", "José");
    expect(index.length).toBe(16);
    expect(old.index("name", "Jose\u0301")).toEqual(index);
    expect(old.index("address", "José")).not.toEqual(index);
    expect(renewed.index("name", "José")).not.toEqual(index);
  });

  it("are found under both keys while they rotate, the current one first", () => {
    expect(rotating.indexes("phone", "+8613800000000")).toEqual([
      renewed.index("phone", "+8613800000000"),
      old.index("phone", "+8613800000000"),
    ]);
    expect(rotating.index("phone", "+8613800000000")).toEqual(renewed.index("phone", "+8613800000000"));
  });
});

describe("boxes for a purpose", () => {
  it("open for the same purpose alone, also under the key before", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (words) => {
        const cell = old.sealFor("inbound", words);
        expect(rotating.openFor("inbound", cell)).toBe(words);
        expect(() => old.openFor("vault", cell)).toThrow("vault");
        expect(() => renewed.openFor("inbound", cell)).toThrow("inbound");
      }),
    );
  });
});

describe("one-time tokens", () => {
  it("carry 256 bits and are found by their hash", () => {
    const { token, hash } = old.newToken();
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(hash.length).toBe(32);
    expect(renewed.tokenHash(token)).toEqual(hash);
    expect(old.newToken().token).not.toBe(token);
  });
});

describe("the probe", () => {
  it("tells a right key from a wrong one", () => {
    expect(old.knowsProbe(openKeys(rootKey(1)).probe())).toBe(true);
    expect(old.knowsProbe(renewed.probe())).toBe(false);
    expect(rotating.knowsProbe(old.probe())).toBe(true);
    expect(rotating.probe()).toBe(renewed.probe());
  });
});
