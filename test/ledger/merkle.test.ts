import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  append,
  checkConsistency,
  checkInclusion,
  consistencyStretches,
  inclusionStretches,
  leafHash,
  nodeHash,
  rangeLength,
  rootOf,
} from "../../src/ledger/merkle.ts";
import type { Bytes, Range } from "../../src/ports/ledger.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const rangeOf = (leaves: readonly Bytes[]): Range =>
  leaves.reduce<Range>((range, leaf, at) => append(range, BigInt(at), leaf), []);

/** RFC 9162 §2.1.1, word for word. */
const naiveRoot = (leaves: readonly Bytes[]): Bytes => {
  const [first] = leaves;
  if (first === undefined || leaves.length === 1) return first ?? rootOf([]);
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return nodeHash(naiveRoot(leaves.slice(0, half)), naiveRoot(leaves.slice(half)));
};

const proofOf = (leaves: readonly Bytes[], stretches: ReturnType<typeof inclusionStretches>): readonly Bytes[] =>
  stretches.map(([from, to]) => naiveRoot(leaves.slice(Number(from), Number(to))));

describe("the tree", () => {
  it("has the roots of the reference log of Certificate Transparency", () => {
    const bodies = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    const roots = [
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    const leaves = bodies.map((body) => leafHash(Buffer.from(body, "hex")));
    expect(roots.map((_, at) => hex(rootOf(rangeOf(leaves.slice(0, at + 1)))))).toEqual(roots);
    expect(hex(rootOf([]))).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });
});

const logs = fc
  .array(fc.uint8Array({ maxLength: 8 }), { minLength: 1, maxLength: 70 })
  .map((bodies) => bodies.map((body) => leafHash(Buffer.from(body))));

const flip = (hashes: readonly Bytes[], at: number): readonly Bytes[] =>
  hashes.map((hash, index) => {
    if (index !== at % hashes.length) return hash;
    const changed = new Uint8Array(hash);
    changed[at % 32] = (changed[at % 32] ?? 0) ^ (1 << (at % 8));
    return changed;
  });

describe("proofs", () => {
  it("of inclusion hold for every entry of every log, and for nothing else", () => {
    fc.assert(
      fc.property(logs, fc.nat(), fc.nat(), (leaves, pick, other) => {
        const [at, size] = [pick % leaves.length, BigInt(leaves.length)];
        const leaf = leaves[at] as Bytes;
        const path = proofOf(leaves, inclusionStretches(BigInt(at), size));
        const root = rootOf(rangeOf(leaves));
        const holds = (...[l, seq, n, p, r]: Parameters<typeof checkInclusion>): boolean =>
          checkInclusion(l, seq, n, p, r);
        expect(hex(root)).toBe(hex(naiveRoot(leaves)));
        expect(rangeOf(leaves).length).toBe(rangeLength(size));
        expect(holds(leaf, BigInt(at), size, path, root)).toBe(true);
        const wrong = other % leaves.length;
        const sameLeaf = hex(leaves[wrong] as Bytes) === hex(leaf);
        if (!sameLeaf) {
          expect(holds(leaf, BigInt(wrong), size, path, root)).toBe(false);
          expect(holds(leaves[wrong] as Bytes, BigInt(at), size, path, root)).toBe(false);
        }
        if (path.length > 0) expect(holds(leaf, BigInt(at), size, flip(path, other), root)).toBe(false);
        expect(holds(leaf, BigInt(at), size, [...path, leaf], root)).toBe(false);
        expect(holds(leaf, BigInt(at), size, path.slice(1), root)).toBe(path.length === 0);
        expect(holds(leaf, size, size, path, root)).toBe(false);
        expect(holds(leaf, -1n, size, path, root)).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it("of consistency hold between any two sizes of a log, and for no rewritten past", () => {
    fc.assert(
      fc.property(logs, fc.nat(), fc.nat(), (leaves, pick, other) => {
        const [before, size] = [pick % (leaves.length + 1), leaves.length];
        const prove = (log: readonly Bytes[]) => proofOf(log, consistencyStretches(BigInt(before), BigInt(size)));
        const older = [BigInt(before), naiveRoot(leaves.slice(0, before))] as const;
        const newer = [BigInt(size), naiveRoot(leaves)] as const;
        const path = prove(leaves);
        expect(checkConsistency(older, newer, path)).toBe(true);
        expect(checkConsistency(newer, older, path)).toBe(before === size);
        if (path.length > 0) expect(checkConsistency(older, newer, flip(path, other))).toBe(false);
        expect(checkConsistency(older, newer, [...path, older[1]])).toBe(false);
        if (before > 0 && before < size) {
          const forged = leaves.map((leaf, at) => (at === other % before ? leafHash(Buffer.from("forged")) : leaf));
          expect(checkConsistency(older, [newer[0], naiveRoot(forged)], prove(forged))).toBe(false);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("are right for logs larger than 32 bits", () => {
    const size = 2n ** 40n + 3n;
    expect(inclusionStretches(2n ** 40n + 1n, size)).toEqual([
      [2n ** 40n, 2n ** 40n + 1n],
      [2n ** 40n + 2n, size],
      [0n, 2n ** 40n],
    ]);
    expect(rangeLength(size)).toBe(3);
  });
});
