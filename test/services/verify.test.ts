import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Verdict } from "../../src/domain/verdict.ts";
import { verify } from "../../src/services/verify.ts";
import { type Independent, independentCheck } from "../ledger/independent-check.ts";
import { type KeptWorld, keptWorld } from "../ledger/kept-world.ts";

let world: KeptWorld;

beforeAll(async () => {
  world = await keptWorld();
});
afterAll(() => world.drop());
beforeEach(() => world.restore());

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
    expect(await verify(world.parts, { savedHead: world.saved, progress: (entries) => told.push(entries) })).toEqual({
      kind: "proven",
      entries: 12n,
      heads: 3,
      unsealed: 0,
      notices: 0,
      head: world.saved,
    });
    expect(told.at(-1)).toBe(12);
    expect(await independentCheck(world, world.saved)).toMatchObject({ ok: true, entries: 12 });
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
      // Hardly a signature has none of these letters; a single one may well be missing.
      "UPDATE ledger_head SET note = translate(note, 'ABCDEFGHIJKLM', 'BCDEFGHIJKLMN') WHERE size = 9",
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

describe("any bit of any entry", () => {
  const columns = ["body", "leaf", "mac"] as const;
  it("is found at the very entry when it is another", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...columns),
        fc.nat({ max: 11 }),
        fc.nat({ max: 31 }),
        fc.nat({ max: 7 }),
        async (column, seq, byte, bit) => {
          await world.restore();
          const changed = `set_byte(${column}, ${byte}, get_byte(${column}, ${byte}) # ${1 << bit})`;
          await world.tamper(`UPDATE ledger_entry SET ${column} = ${changed} WHERE seq = ${seq}`);
          const why = { body: "body", leaf: "leaf", mac: "place" }[column];
          expect(await verify(world.parts)).toEqual(entry(BigInt(seq), why));
        },
      ),
      { numRuns: 40 },
    );
  });
});
