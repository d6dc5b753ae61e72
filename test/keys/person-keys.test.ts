import { createDecipheriv } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openKeys } from "../../src/keys/keys.ts";
import type { CellPlace } from "../../src/ports/keys.ts";
import { rootKey } from "./root-key.ts";

const keys = openKeys(rootKey(1));
const PLACES: readonly CellPlace[] = ["person.name_cell", "person.phone_cell", "account.address_cell"];
const place = fc.constantFrom(...PLACES);
const words = fc.string({ unit: "grapheme", maxLength: 40 });

describe("cells", () => {
  it("open again for the same person and place", () => {
    fc.assert(
      fc.property(fc.string(), place, words, (uid, where, text) => {
        const { cells, wrapped } = keys.newPerson(uid);
        expect(keys.person(uid, wrapped).open(where, cells.seal(where, text))).toBe(text);
      }),
    );
  });

  it("are laid out as version, key id, iv, ciphertext and tag, with no padding", () => {
    const { cells } = keys.newPerson("p1");
    const cell = cells.seal("person.name_cell", "周建国");
    expect(cell[0]).toBe(1);
    expect(cell.length).toBe(1 + 4 + 12 + Buffer.byteLength("周建国") + 16);
    const again = cells.seal("person.name_cell", "周建国");
    expect(again.subarray(0, 5)).toEqual(cell.subarray(0, 5));
    expect(again.subarray(5)).not.toEqual(cell.subarray(5));
  });

  it("are never closed twice under one iv, whoever they belong to", () => {
    const people = [keys.newPerson("p1"), keys.newPerson("p2")];
    const ivs = Array.from({ length: 1_000 }, (_, at) => {
      const cell = people[at % 2]?.cells.seal("person.name_cell", "周建国") ?? Buffer.alloc(0);
      return cell.subarray(5, 17).toString("hex");
    });
    expect(new Set(ivs).size).toBe(1_000);
  });

  it("refuse every flipped bit", () => {
    fc.assert(
      fc.property(words, fc.nat(), fc.nat({ max: 7 }), (text, at, bit) => {
        const { cells } = keys.newPerson("p1");
        const cell = cells.seal("person.name_cell", text);
        const where = at % cell.length;
        cell[where] = (cell[where] ?? 0) ^ (1 << bit);
        expect(() => cells.open("person.name_cell", cell)).toThrow("person.name_cell");
      }),
      { numRuns: 500 },
    );
  });

  it("refuse to open in another column, for another person, or under another data key", () => {
    const one = keys.newPerson("p1");
    const other = keys.newPerson("p2");
    const cell = one.cells.seal("person.name_cell", "周建国");
    expect(() => one.cells.open("person.phone_cell", cell)).toThrow();
    expect(() => other.cells.open("person.name_cell", cell)).toThrow();
    expect(() => keys.newPerson("p1").cells.open("person.name_cell", cell)).toThrow();
    expect(() => keys.person("p2", one.wrapped)).toThrow();
  });

  it("refuse a tag cut to four bytes, which Node by itself would accept", () => {
    const { cells } = keys.newPerson("p1");
    const cell = cells.seal("person.name_cell", "");
    expect(() => cells.open("person.name_cell", cell.subarray(0, 1 + 4 + 12 + 4))).toThrow();
    expect(() =>
      createDecipheriv("aes-256-gcm", Buffer.alloc(32), Buffer.alloc(12)).setAuthTag(Buffer.alloc(4)),
    ).not.toThrow();
  });

  it("refuse anything else there is", () => {
    const { cells } = keys.newPerson("p1");
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(() => cells.open("person.name_cell", bytes)).toThrow();
      }),
    );
  });
});

describe("a person's key", () => {
  it("passes from the old root to the new one and keeps its cells", () => {
    const [old, rotating, renewed] = [rootKey(1), `${rootKey(2)},${rootKey(1)}`, rootKey(2)].map(openKeys);
    const { cells, wrapped } = (old as typeof keys).newPerson("p1");
    const cell = cells.seal("person.name_cell", "周建国");
    const rewrapped = rotating?.rewrap("p1", wrapped) as Uint8Array;
    expect(rotating?.person("p1", wrapped).open("person.name_cell", cell)).toBe("周建国");
    expect(rotating?.rewrap("p1", rewrapped)).toBeNull();
    expect(renewed?.person("p1", rewrapped).open("person.name_cell", cell)).toBe("周建国");
    expect(() => renewed?.person("p1", wrapped)).toThrow();
    expect(() => renewed?.rewrap("p1", wrapped)).toThrow();
    expect(() => old?.person("p1", rewrapped)).toThrow();
  });
});
