import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seal } from "../../src/services/seal.ts";
import { verify } from "../../src/services/verify.ts";
import { imported, type SealedWorld, sealedWorld } from "./sealed-world.ts";

describe.each(["postgres", "embedded"] as const)("sealing on %s", (kind) => {
  let world: SealedWorld;
  beforeAll(async () => {
    world = await sealedWorld(kind);
  });
  afterAll(() => world.drop());

  it("does nothing when nothing waits", async () => {
    expect(await seal(world.parts)).toBe(0);
    expect(await world.store.lastHead()).toBeNull();
    expect(await verify(world.parts)).toEqual({
      kind: "proven",
      entries: 0n,
      heads: 0,
      unsealed: 0,
      notices: 0,
      head: null,
    });
  });

  it("numbers what waits from nought without gaps, in the order in which it was written, and signs it", async () => {
    await world.tell(imported(0), imported(1), imported(2));
    expect(await world.store.waiting()).toBe(3);
    expect(await seal(world.parts)).toBe(3);
    await world.tell(imported(3));
    expect(await seal(world.parts)).toBe(1);
    const entries = await world.store.entries(null, 10);
    expect(entries.map(({ seq }) => seq)).toEqual([0n, 1n, 2n, 3n]);
    expect(entries.map(({ body }) => world.ledger.readEntry(body)?.subject.units)).toEqual(["0", "1", "2", "3"]);
    const head = await world.store.lastHead();
    const signed = world.ledger.readHead(head?.note ?? "");
    expect([signed?.size, Buffer.from(signed?.root ?? [])]).toEqual([4n, Buffer.from(head?.root ?? [])]);
    expect(await verify(world.parts)).toMatchObject({
      kind: "proven",
      entries: 4n,
      heads: 2,
      unsealed: 0,
      head: head?.note,
    });
  });

  it("takes 5,000 at a time", async () => {
    await world.tell(...Array.from({ length: 5_003 }, (_, at) => imported(at)));
    expect(await seal(world.parts)).toBe(5_000);
    expect(await seal(world.parts)).toBe(3);
    expect(await verify(world.parts)).toMatchObject({ kind: "proven", entries: 5_007n, heads: 4 });
  });

  it("leaves everything waiting when the transaction fails", async () => {
    await world.tell(imported(1), imported(2));
    const failing = world.store.seal(10, new Date(), () => {
      throw new Error("killed in the middle");
    });
    await expect(failing).rejects.toThrow("killed in the middle");
    expect(await world.store.waiting()).toBe(2);
    expect(await world.sealAll()).toBe(2);
  });

  it("refuses to build upon a head that was tampered with", async () => {
    await world.tell(imported(1));
    const before = await world.store.lastHead();
    await world.tamper(`UPDATE ledger_head SET range[1] = sha256(range[1]) WHERE size = ${before?.size}`);
    await expect(seal(world.parts)).rejects.toThrow("not signed with LEDGER_KEY");
    expect(await world.store.waiting()).toBe(1);
  });

  it("is all that can be done: the tables refuse everything else", async () => {
    for (const sql of [
      "UPDATE ledger_entry SET id = id",
      "DELETE FROM ledger_entry WHERE seq = 0",
      "TRUNCATE ledger_entry",
      "UPDATE ledger_head SET note = ''",
      "DELETE FROM ledger_head",
      "TRUNCATE ledger_head",
    ]) {
      await expect(world.pool.query(sql)).rejects.toThrow("the ledger only grows");
    }
  });
});
