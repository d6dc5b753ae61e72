import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openLedger } from "../../src/ledger/ledger.ts";
import type { HeadRow, Ledger } from "../../src/ports/ledger.ts";
import { verify } from "../../src/services/verify.ts";
import { independentCheck } from "../ledger/independent-check.ts";
import { type KeptWorld, keptWorld } from "../ledger/kept-world.ts";
import { imported, newLedgerKey } from "../ledger/sealed-world.ts";

let world: KeptWorld;

beforeAll(async () => {
  world = await keptWorld();
});
afterAll(() => world.drop());
beforeEach(() => world.restore());

/** What somebody with the database and some key can do: everything anew, as if it had always been so. */
const rewrite = async (signer: Ledger, from = 6n): Promise<readonly HeadRow[]> => {
  const kept = await world.store.entries(null, 100);
  const heads: HeadRow[] = [];
  const written = (row: (typeof kept)[number]) => ({
    id: row.id,
    body: row.seq === from ? Buffer.from(signer.entryBytes(imported(7))) : row.body,
  });
  await world.tamper("DELETE FROM ledger_entry", "DELETE FROM ledger_head");
  for (const [begin, end] of [
    [0, 5],
    [5, 9],
    [9, 12],
  ]) {
    const { entries, head: next } = signer.seal(heads.at(-1) ?? null, kept.slice(begin, end).map(written));
    await world.db.ledgerEntry.createMany({ data: [...entries] });
    await world.db.ledgerHead.create({ data: { ...next, range: [...next.range], at: new Date(0) } });
    heads.push(next);
  }
  return heads;
};

describe("a ledger written anew", () => {
  it("is caught at the very entry when leaves, roots and heads were made without the key", async () => {
    await rewrite(openLedger(newLedgerKey()), 6n);
    expect(await verify(world.parts)).toEqual({ kind: "broken", at: 0n, why: "place" });
    // The macs that nobody touched put back: what is left is the entry whose words are others.
    await world.tamper("UPDATE ledger_entry e SET mac = k.mac FROM kept_entry k WHERE k.seq = e.seq");
    await world.tamper("UPDATE ledger_head h SET note = k.note FROM kept_head k WHERE k.size = h.size");
    expect(await verify(world.parts)).toEqual({ kind: "broken", at: 6n, why: "place" });
    expect(await independentCheck(world)).toMatchObject({ ok: false, step: 3, at: "9" });
  });

  it("with the stolen key is whole in itself, and caught by any head kept elsewhere", async () => {
    await rewrite(world.ledger);
    expect(await verify(world.parts)).toMatchObject({ kind: "proven", entries: 12n });
    expect(await independentCheck(world)).toMatchObject({ ok: true });
    expect(await verify(world.parts, { savedHead: world.saved })).toEqual({ kind: "diverged", saved: 12n });
    expect(await independentCheck(world, world.saved)).toMatchObject({ ok: false, step: 6, at: "12" });
  });
});

describe("a saved head", () => {
  it("shows that the end was cut off together with its heads", async () => {
    await world.tamper("DELETE FROM ledger_entry WHERE seq >= 9", "DELETE FROM ledger_head WHERE size > 9");
    expect(await verify(world.parts)).toMatchObject({ kind: "proven", entries: 9n });
    expect(await verify(world.parts, { savedHead: world.saved })).toEqual({
      kind: "truncated",
      entries: 9n,
      saved: 12n,
    });
    expect(await independentCheck(world, world.saved)).toMatchObject({ ok: false, step: 6, at: "9" });
  });

  it("shows that everything was removed", async () => {
    await world.tamper("DELETE FROM ledger_entry", "DELETE FROM ledger_head");
    expect(await verify(world.parts, { savedHead: world.saved })).toEqual({
      kind: "truncated",
      entries: 0n,
      saved: 12n,
    });
  });

  it("of any size in between agrees with a ledger that has grown since", async () => {
    const heads = await world.store.heads(null, 12n);
    for (const { note } of heads) {
      expect(await verify(world.parts, { savedHead: note })).toMatchObject({ kind: "proven" });
      expect(await independentCheck(world, note)).toMatchObject({ ok: true });
    }
  });

  it("that is no head, or another ledger's, is not compared", async () => {
    const other = openLedger(newLedgerKey()).seal(null, [{ id: 1n, body: Buffer.from("x") }]).head.note;
    for (const text of ["", "nothing", other]) {
      expect(await verify(world.parts, { savedHead: text })).toEqual({ kind: "foreign-head" });
    }
  });
});
