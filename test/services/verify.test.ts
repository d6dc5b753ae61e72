import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Verdict } from "../../src/domain/verdict.ts";
import { openLedger } from "../../src/ledger/ledger.ts";
import type { HeadRow, Ledger } from "../../src/ports/ledger.ts";
import { verify } from "../../src/services/verify.ts";
import { type Independent, independentCheck } from "../ledger/independent-check.ts";
import { imported, newLedgerKey, type SealedWorld, sealedWorld } from "../ledger/sealed-world.ts";

let world: SealedWorld;
let saved: string;

beforeAll(async () => {
  world = await sealedWorld();
  for (const batch of [5, 4, 3]) {
    await world.tell(...Array.from({ length: batch }, (_, at) => imported(batch * 100 + at)));
    await world.sealAll();
  }
  await world.pool.query("CREATE TABLE kept_entry AS TABLE ledger_entry; CREATE TABLE kept_head AS TABLE ledger_head");
  saved = (await world.store.lastHead())?.note ?? "";
});

afterAll(() => world.drop());

beforeEach(() =>
  world.tamper(
    "DELETE FROM ledger_entry",
    "DELETE FROM ledger_head",
    "INSERT INTO ledger_entry SELECT * FROM kept_entry",
    "INSERT INTO ledger_head SELECT * FROM kept_head",
  ),
);

const flip = (column: string, byte = 3): string => `set_byte(${column}, ${byte}, get_byte(${column}, ${byte}) # 1)`;
const leafOf = (body: string): string => `sha256('\\x00'::bytea || ${body})`;
const forged = "convert_to(replace(convert_from(body, 'UTF8'), '401', '999'), 'UTF8')";
const swap = (columns: string): string => `
  UPDATE ledger_entry e SET (${columns}) = (SELECT ${columns} FROM kept_entry k WHERE k.seq = 13 - e.seq) WHERE seq IN (6, 7)`;
const shift = (from: number, by: number): string => `
  UPDATE ledger_entry SET seq = seq + 1000 WHERE seq >= ${from};
  UPDATE ledger_entry SET seq = seq - 1000 + ${by} WHERE seq >= 1000`;

const entry = (at: bigint, why: string): Partial<Verdict> => ({ kind: "broken", at, why }) as Partial<Verdict>;
const head = (size: bigint, why: string): Partial<Verdict> => ({ kind: "broken-head", size, why }) as Partial<Verdict>;
const whole: Independent = { ok: true };
const step = (number: number, at: number): Independent => ({ ok: false, step: number, at: String(at) });

describe("the proof of the ledger", () => {
  it("holds for a ledger that nobody touched, in the eyes of both checkers", async () => {
    const told: number[] = [];
    expect(await verify(world.parts, { savedHead: saved, progress: (entries) => told.push(entries) })).toEqual({
      kind: "proven",
      entries: 12n,
      heads: 3,
      unsealed: 0,
      notices: 0,
      head: saved,
    });
    expect(told.at(-1)).toBe(12);
    expect(await independentCheck(world, saved)).toMatchObject({ ok: true, entries: 12 });
  });

  // What was done to it, in SQL; what we say; what the independent checker says, which sees neither macs nor waiting numbers.
  it.each<[string, string, Partial<Verdict>, Independent]>([
    ["the words of an entry", `UPDATE ledger_entry SET body = ${forged} WHERE seq = 6`, entry(6n, "body"), step(2, 6)],
    [
      "a bit of an entry",
      `UPDATE ledger_entry SET body = ${flip("body")} WHERE seq = 0`,
      entry(0n, "body"),
      step(2, 0),
    ],
    ["a leaf", `UPDATE ledger_entry SET leaf = ${flip("leaf")} WHERE seq = 6`, entry(6n, "leaf"), step(2, 6)],
    ["a mac", `UPDATE ledger_entry SET mac = ${flip("mac")} WHERE seq = 6`, entry(6n, "place"), whole],
    ["a mac cut short", "UPDATE ledger_entry SET mac = substr(mac, 1, 31) WHERE seq = 6", entry(6n, "place"), whole],
    ["a waiting number", "UPDATE ledger_entry SET id = 99 WHERE seq = 6", entry(6n, "place"), whole],
    ["a number upwards", "UPDATE ledger_entry SET seq = 100 WHERE seq = 6", entry(6n, "missing"), step(1, 6)],
    ["a number downwards", "UPDATE ledger_entry SET seq = -3 WHERE seq = 6", entry(-3n, "extra"), step(1, -3)],
    [
      "words and leaf together",
      `UPDATE ledger_entry SET body = ${forged}, leaf = ${leafOf(forged)} WHERE seq = 6`,
      entry(6n, "place"),
      step(4, 9),
    ],
    ["an entry away", "DELETE FROM ledger_entry WHERE seq = 6", entry(6n, "missing"), step(1, 6)],
    ["the first entry away", "DELETE FROM ledger_entry WHERE seq = 0", entry(0n, "missing"), step(1, 0)],
    [
      "an entry away and the numbers closed up",
      `DELETE FROM ledger_entry WHERE seq = 6; ${shift(7, -1)}`,
      entry(6n, "place"),
      step(4, 9),
    ],
    ["the last entries away", "DELETE FROM ledger_entry WHERE seq >= 9", entry(9n, "missing"), step(5, 9)],
    ["the last entry away", "DELETE FROM ledger_entry WHERE seq = 11", entry(11n, "missing"), step(5, 11)],
    ["all entries away", "DELETE FROM ledger_entry", entry(0n, "missing"), step(5, 0)],
    [
      "a copy at the end",
      "INSERT INTO ledger_entry SELECT 12, 99, body, leaf, mac FROM kept_entry WHERE seq = 6",
      entry(12n, "place"),
      step(5, 12),
    ],
    [
      "a copy in the middle and the numbers moved on",
      `${shift(6, 1)}; INSERT INTO ledger_entry SELECT 6, 99, body, leaf, mac FROM kept_entry WHERE seq = 2`,
      entry(6n, "place"),
      step(4, 9),
    ],
    ["two bodies for each other", swap("body"), entry(6n, "body"), step(2, 6)],
    ["two entries for each other", swap("body, leaf"), entry(6n, "place"), step(4, 9)],
    ["two entries and their macs for each other", swap("body, leaf, mac"), entry(6n, "place"), step(4, 9)],
    [
      "a head's note",
      "UPDATE ledger_head SET note = replace(note, 'A', 'B') WHERE size = 9",
      head(9n, "signature"),
      step(3, 9),
    ],
    [
      "a note for another head's",
      "UPDATE ledger_head SET note = (SELECT note FROM kept_head WHERE size = 5) WHERE size = 9",
      head(9n, "size"),
      step(3, 9),
    ],
    ["a root", `UPDATE ledger_head SET root = ${flip("root")} WHERE size = 9`, head(9n, "root"), step(3, 9)],
    ["a range", "UPDATE ledger_head SET range[2] = range[1] WHERE size = 9", head(9n, "range"), whole],
    ["a longer range", "UPDATE ledger_head SET range = range || range[1] WHERE size = 9", head(9n, "range"), whole],
    ["a head's size", "UPDATE ledger_head SET size = 8 WHERE size = 9", head(8n, "size"), step(3, 8)],
    ["a head's size below nought", "UPDATE ledger_head SET size = -1 WHERE size = 5", head(-1n, "size"), step(3, -1)],
    [
      "a head's size beyond the end",
      "UPDATE ledger_head SET size = 40 WHERE size = 12",
      entry(12n, "missing"),
      step(3, 40),
    ],
    ["the last head away", "DELETE FROM ledger_head WHERE size = 12", entry(9n, "unsigned"), step(5, 9)],
    ["all heads away", "DELETE FROM ledger_head", entry(0n, "unsigned"), step(5, 0)],
    [
      "a second head",
      "INSERT INTO ledger_head SELECT 10, root, range, note, at FROM kept_head WHERE size = 9",
      head(10n, "size"),
      step(3, 10),
    ],
  ])("finds %s", async (_, sql, ours, independent) => {
    await world.tamper(sql);
    expect(await verify(world.parts)).toEqual(ours);
    expect(await independentCheck(world)).toMatchObject(independent);
  });

  it("does not miss a head in the middle, which later ones make superfluous", async () => {
    await world.tamper("DELETE FROM ledger_head WHERE size = 9");
    expect(await verify(world.parts)).toMatchObject({ kind: "proven", entries: 12n, heads: 2 });
    expect(await independentCheck(world)).toMatchObject({ ok: true });
  });
});

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
    expect(await verify(world.parts)).toEqual(entry(0n, "place"));
    // The macs that nobody touched put back: what is left is the entry whose words are others.
    await world.tamper("UPDATE ledger_entry e SET mac = k.mac FROM kept_entry k WHERE k.seq = e.seq");
    await world.tamper("UPDATE ledger_head h SET note = k.note FROM kept_head k WHERE k.size = h.size");
    expect(await verify(world.parts)).toEqual(entry(6n, "place"));
    expect(await independentCheck(world)).toMatchObject(step(3, 9));
  });

  it("with the stolen key is whole in itself, and caught by any head kept elsewhere", async () => {
    await rewrite(world.ledger);
    expect(await verify(world.parts)).toMatchObject({ kind: "proven", entries: 12n });
    expect(await independentCheck(world)).toMatchObject(whole);
    expect(await verify(world.parts, { savedHead: saved })).toEqual({ kind: "diverged", saved: 12n });
    expect(await independentCheck(world, saved)).toMatchObject(step(6, 12));
  });
});

describe("a saved head", () => {
  it("shows that the end was cut off together with its heads", async () => {
    await world.tamper("DELETE FROM ledger_entry WHERE seq >= 9", "DELETE FROM ledger_head WHERE size > 9");
    expect(await verify(world.parts)).toMatchObject({ kind: "proven", entries: 9n });
    expect(await verify(world.parts, { savedHead: saved })).toEqual({ kind: "truncated", entries: 9n, saved: 12n });
    expect(await independentCheck(world, saved)).toMatchObject(step(6, 9));
  });

  it("shows that everything was removed", async () => {
    await world.tamper("DELETE FROM ledger_entry", "DELETE FROM ledger_head");
    expect(await verify(world.parts, { savedHead: saved })).toEqual({ kind: "truncated", entries: 0n, saved: 12n });
  });

  it("of any size in between agrees with a ledger that has grown since", async () => {
    const heads = await world.store.heads(null, 12n);
    for (const { note } of heads) {
      expect(await verify(world.parts, { savedHead: note })).toMatchObject({ kind: "proven" });
      expect(await independentCheck(world, note)).toMatchObject(whole);
    }
  });

  it("that is no head, or another ledger's, is not compared", async () => {
    const other = openLedger(newLedgerKey()).seal(null, [{ id: 1n, body: Buffer.from("x") }]).head.note;
    for (const text of ["", "nothing", other]) {
      expect(await verify(world.parts, { savedHead: text })).toEqual({ kind: "foreign-head" });
    }
  });
});
