import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkHead, checkProof } from "../../src/ledger/check-proof.ts";
import { openLedger } from "../../src/ledger/ledger.ts";
import type { EntryProof } from "../../src/ports/ledger.ts";
import { makeProof } from "../../src/services/make-proof.ts";
import { independentProofCheck } from "../ledger/independent-check.ts";
import { imported, newLedgerKey, type SealedWorld, sealedWorld } from "../ledger/sealed-world.ts";

const ENTRIES = 37;
let world: SealedWorld;
let proofs: readonly EntryProof[];

const proofOf = async (seq: number): Promise<EntryProof> => {
  const proof = await makeProof(world.parts, BigInt(seq));
  if (!proof) throw new Error(`no proof of ${seq}`);
  return proof;
};

beforeAll(async () => {
  world = await sealedWorld();
  await world.tell(...Array.from({ length: ENTRIES }, (_, at) => imported(at)));
  await world.sealAll();
  proofs = await Promise.all(Array.from({ length: ENTRIES }, (_, seq) => proofOf(seq)));
});
afterAll(() => world.drop());

describe("a proof of one entry", () => {
  it("holds for every entry, and tells what the entry says", () => {
    for (const [seq, proof] of proofs.entries()) {
      expect(checkProof(JSON.stringify(proof))).toMatchObject({
        kind: "included",
        seq: BigInt(seq),
        size: BigInt(ENTRIES),
        publicKey: world.ledger.publicKey,
        entry: { kind: "imported", subject: { units: String(seq) } },
      });
    }
  });

  it("holds for the independent checker too", async () => {
    for (const seq of [0, 18, ENTRIES - 1]) {
      expect(await independentProofCheck(JSON.stringify(proofs[seq]))).toEqual({ ok: true });
    }
    const other = { ...proofs[3], entry: proofs[4]?.entry };
    expect(await independentProofCheck(JSON.stringify(other))).toEqual({ ok: false });
  });

  it("does not hold once any character of it is another", () => {
    fc.assert(
      fc.property(fc.nat({ max: ENTRIES - 1 }), fc.nat(), fc.nat({ max: 61 }), (seq, at, letter) => {
        const text = JSON.stringify(proofs[seq]);
        const where = at % text.length;
        const other = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"[letter];
        fc.pre(other !== text[where]);
        expect(checkProof(text.slice(0, where) + other + text.slice(where + 1)).kind).toBe("unproven");
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, (proof: EntryProof) => object, string]>([
    ["no version", ({ v: _, ...proof }) => proof, "unreadable"],
    ["an entry that is none", (proof) => ({ ...proof, entry: btoa("{}") }), "unreadable"],
    ["another's key", (proof) => ({ ...proof, publicKey: openLedger(newLedgerKey()).publicKey }), "signature"],
    ["no key", (proof) => ({ ...proof, publicKey: "" }), "signature"],
    ["another size", (proof) => ({ ...proof, size: "36" }), "size"],
    ["another place", (proof) => ({ ...proof, seq: "6" }), "path"],
    ["a place beyond the end", (proof) => ({ ...proof, seq: "37" }), "path"],
    ["a path too short", (proof) => ({ ...proof, path: proof.path.slice(1) }), "path"],
    ["a path too long", (proof) => ({ ...proof, path: [...proof.path, proof.path[0]] }), "path"],
    ["a path of numbers", (proof) => ({ ...proof, path: [1, 2] }), "unreadable"],
  ])("does not hold with %s", (_, change, why) => {
    expect(checkProof(JSON.stringify(change(proofs[5] as EntryProof)))).toEqual({ kind: "unproven", why });
  });

  it.each(["", "null", "[]", "{}", '"proof"', "{"])("is not read from %j", (text) => {
    expect(checkProof(text)).toEqual({ kind: "unproven", why: "unreadable" });
  });

  it("is not made of what is not sealed", async () => {
    expect(await makeProof(world.parts, BigInt(ENTRIES))).toBeNull();
    expect(await makeProof(world.parts, -1n)).toBeNull();
  });
});

describe("the recipe", () => {
  it("shows a proof and a head that hold", async () => {
    const recipe = readFileSync(new URL("../../src/ledger/README.md", import.meta.url), "utf8");
    const [, example = ""] = /```json\n(.*?)```/s.exec(recipe) ?? [];
    expect(checkProof(example)).toMatchObject({ kind: "included", seq: 1n, size: 3n, entry: { kind: "acknowledged" } });
    expect(await independentProofCheck(example)).toEqual({ ok: true });
    const [, note = ""] = /```\n(chuanda\/ledger.*?)```/s.exec(recipe) ?? [];
    const [publicKey = ""] = /chuanda\/ledger\+[0-9a-f]{8}\+[\w+/]+/.exec(recipe) ?? [];
    expect(checkHead(note, publicKey)?.size).toBe(3n);
  });
});

describe("a head", () => {
  it("is checked with the public key alone", () => {
    const { note, publicKey } = proofs[0] as EntryProof;
    expect(checkHead(note, publicKey)?.size).toBe(BigInt(ENTRIES));
    expect(checkHead(note, openLedger(newLedgerKey()).publicKey)).toBeNull();
    expect(checkHead(note.replace("37", "38"), publicKey)).toBeNull();
    expect(checkHead(note, "no key")).toBeNull();
  });
});
