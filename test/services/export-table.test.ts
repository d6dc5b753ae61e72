import { createHash, createPublicKey, verify } from "node:crypto";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { LOCALES, type Locale } from "../../src/domain/language.ts";
import { writeSheet } from "../../src/files/write-sheet.ts";
import { entryBytes } from "../../src/ledger/entry-bytes.ts";
import { openLedger } from "../../src/ledger/ledger.ts";
import { speaker } from "../../src/locale/speaker.ts";
import type { ExportParts } from "../../src/services/export-parts.ts";
import { type Exported, exportTable } from "../../src/services/export-table.ts";
import { seal } from "../../src/services/seal.ts";
import { exportStore } from "../../src/store/exports.ts";
import { ledgerStore } from "../../src/store/ledger-entries.ts";
import { bytesOf } from "../files/sheets.ts";
import { AT, type ImportWorld, importWorld, PEOPLE, UNITS } from "../importing/import-world.ts";
import { newLedgerKey } from "../ledger/sealed-world.ts";

let world: ImportWorld;
let parts: ExportParts;
const ledger = openLedger(newLedgerKey());
const { say } = speaker(() => AT, "Asia/Shanghai");

beforeAll(async () => {
  world = await importWorld("postgres");
  const exports = exportStore(world.db, world.keys, entryBytes);
  const clock = { now: () => AT, real: () => AT };
  parts = { exports, ledgerStore: ledgerStore(world.db), ledger, clock, zone: "Asia/Shanghai" };
});
beforeEach(() => world.empty());
afterAll(() => world.drop());

/** The bytes that leave, read in pages of a few rows. */
const exported = async (
  what: Exported,
  { locale = "en", under = null }: { locale?: Locale; under?: string | null } = {},
) => {
  const request = { number: null, under, pageSize: 3, say: (words: Parameters<typeof say>[0]) => say(words, locale) };
  const table = await exportTable(parts, what, request);
  return table.kind === "table" ? bytesOf(writeSheet("csv", table.sheet)) : table.kind;
};
const rowsOf = (csv: Buffer | string): Record<string, string>[] => parse(csv, { bom: true, columns: true });

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

const NAMES = [
  "=1+1",
  "+86",
  "-",
  "@all",
  "＝总",
  "＠张",
  "'=甲",
  "''-乙",
  "'丙",
  "O'Neill",
  '他"说',
  "王,五",
  " 赵\n六 ",
  "𠮷野",
  "Ａ",
];
const rosters = fc.record({
  units: fc.array(fc.record({ parent: fc.nat(), name: fc.constantFrom(...NAMES), facts: fc.nat(2) }), { maxLength: 6 }),
  people: fc.array(
    fc.record({
      name: fc.constantFrom(...NAMES),
      posts: fc.uniqueArray(fc.tuple(fc.nat(6), fc.constantFrom("principal", "deputy:principal", "worker")), {
        minLength: 1,
        maxLength: 3,
        selector: ([unit, post]) => `${unit % 2} ${post}`,
      }),
      phone: fc.constantFrom("", "mainland", "abroad"),
      accounts: fc.subarray(["telegram", "slack", "feishu", "dingtalk", "wecom"] as const),
      second: fc.boolean(),
      locale: fc.constantFrom("", "zh-CN", "en"),
      web: fc.constantFrom("yes", ""),
    }),
    { maxLength: 8 },
  ),
});
type Roster = typeof rosters extends fc.Arbitrary<infer T> ? T : never;

const FACTS = [",,,,,", "513401,hazchem;gas,school;hotel,A,yes,suspended", "51,,mall,D,no,closed"];
const ID = { telegram: "9", slack: "U0", feishu: "ou_", dingtalk: "d", wecom: "w" };

const unitRows = ({ units }: Roster): readonly string[] => [
  "u0,根,authority,,,,,,,",
  ...units.map(
    ({ parent, name, facts }, at) => `u${at + 1},${quoted(name)},enterprise,u${parent % (at + 1)},${FACTS[facts]}`,
  ),
];

/** Everybody is told apart by a phone or an account, as an import asks for. */
const personRows = ({ units, people }: Roster): readonly string[] =>
  people.flatMap(({ name, posts, phone, accounts, second, locale, web }, at) => {
    const number =
      phone === "mainland" ? `1390000000${at}` : phone === "abroad" || accounts.length === 0 ? `+4420700000${at}` : "";
    const cells = (more: string) =>
      (Object.keys(ID) as (keyof typeof ID)[]).map((platform) =>
        accounts.includes(platform as never) ? `${ID[platform]}${at}${more}` : "",
      );
    const row = ([unit, post]: readonly [number, string], more = "") =>
      [quoted(name), `u${unit % (units.length + 1)}`, post, locale, number, ...cells(more), web].join(",");
    const [first] = posts;
    // A second account on each platform: known by the phone.
    return [...posts.map((each) => row(each)), ...(second && number !== "" && first ? [row(first, "7")] : [])];
  });

describe("what leaves and comes back", () => {
  it("changes nothing where it came from, and makes the same elsewhere, in every language", async () => {
    let people = 0;
    await fc.assert(
      fc.asyncProperty(rosters, fc.constantFrom(...LOCALES), async (roster, locale) => {
        await world.empty();
        const first = await world.import({
          "units.csv": [UNITS, ...unitRows(roster)],
          "people.csv": [PEOPLE, ...personRows(roster)],
        });
        expect(first).toMatchObject({ kind: "imported" });
        const [before, rows] = [await world.onRecord(), await world.rows()];
        const files = {
          "people.csv": (await exported("people", { locale })) as Buffer,
          "units.csv": (await exported("units", { locale })) as Buffer,
        };
        const again = await world.import(files);
        expect(again).toMatchObject({
          kind: "imported",
          units: { added: 0, changed: 0 },
          people: { added: 0, changed: 0 },
          posts: { added: 0 },
        });
        expect({ ...(await world.rows()), ledger: [] }).toEqual({ ...rows, ledger: [] });
        await world.empty();
        expect(await world.import(files)).toMatchObject({ kind: "imported" });
        const webless = ({ people: all, ...rest }: typeof before) => ({
          ...rest,
          people: all
            .map((one) => ({ ...one, accounts: one.accounts.map((account) => account.replace(/^web .*/u, "web")) }))
            .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
        });
        expect(webless(await world.onRecord())).toEqual(webless(before));
        people += before.people.length;
      }),
      { numRuns: 8 },
    );
    expect(people).toBeGreaterThan(5);
  }, 120_000);
});

describe("the people", () => {
  const tables = {
    "units.csv": [
      UNITS,
      "C,县,authority,,,,,,,",
      "T,镇,grassroots,C,,,,,,",
      "S,店,enterprise,T,,,,,,",
      "X,别处,grassroots,C,,,,,,",
    ],
    "people.csv": [
      PEOPLE,
      "周建国,S,principal,zh-CN,13800000001,123,,,,,yes",
      "周建国,T,deputy:official,,13800000001,456,,,,,",
      "李四,X,worker,en,+442070000000,,U012AB3CD,,,,",
    ],
  };

  it("stand in the contract's columns, a row a person and post, and a second account in a row more", async () => {
    await world.import(tables);
    expect(((await exported("people")) as Buffer).toString("utf8").split("\r\n")).toEqual([
      `\ufeff${PEOPLE}`,
      "周建国,S,principal,zh-CN,13800000001,123,,,,,yes",
      "周建国,S,principal,zh-CN,13800000001,456,,,,,yes",
      "周建国,T,deputy:official,zh-CN,13800000001,123,,,,,yes",
      "李四,X,worker,en,'+442070000000,,U012AB3CD,,,,",
      "",
    ]);
    expect(((await exported("people", { locale: "zh-CN", under: "T" })) as Buffer).toString("utf8")).toMatch(
      /^\ufeff姓名,单位代码,岗位,[^\n]*\r\n周建国[^\n]*\n周建国[^\n]*\n周建国[^\n]*\r\n$/u,
    );
    expect(await exported("people", { under: "NOWHERE" })).toBe("unknown-unit");
  });

  it("leave no trace but that they left, before they do; whoever was erased does not leave", async () => {
    await world.import(tables);
    await world.pool.query(`DELETE FROM "person_key" WHERE "person_id" = (SELECT max("id") FROM "person")`);
    const csv = (await exported("people", { under: "C" })) as Buffer;
    expect(csv.toString("utf8")).not.toContain("李四");
    expect((await world.ledger()).at(-1)).toMatchObject({
      ...{ kind: "exported", actor: "operator", how: "command", at: AT.toISOString() },
      subject: { what: "people", rows: "2", under: "C" },
    });
    await exported("units");
    await exported("coverage");
    expect((await world.ledger()).filter(({ kind }) => kind === "exported")).toHaveLength(1);
  });
});

describe("the ledger", () => {
  const H = (...parts: readonly Uint8Array[]) => createHash("sha256").update(Buffer.concat(parts)).digest();
  /** RFC 9162 §2.1.1, word for word. */
  const root = (leaves: readonly Buffer[]): Buffer => {
    if (leaves.length === 1) return leaves[0] as Buffer;
    let half = 1;
    while (half * 2 < leaves.length) half *= 2;
    return H(Uint8Array.of(1), root(leaves.slice(0, half)), root(leaves.slice(half)));
  };

  it("can be checked from the table and the public key alone: every leaf, every head, every signature", async () => {
    await world.pool.query(`ALTER TABLE "ledger_entry" DISABLE TRIGGER USER; ALTER TABLE "ledger_head" DISABLE TRIGGER USER;
      DELETE FROM "ledger_entry"; DELETE FROM "ledger_head"`);
    const sealing = { ledgerStore: ledgerStore(world.db), ledger, clock: parts.clock };
    for (const batch of [5, 1, 3]) {
      for (let at = 0; at < batch; at += 1)
        await parts.exports.tell({
          ...{ kind: "imported", at: AT, actor: "operator", contentHash: null, how: "command" },
          subject: { units: String(at), people: "0", ended: "0" },
        });
      await seal(sealing);
    }
    const rows = rowsOf((await exported("ledger")) as Buffer);
    expect(rows.map(({ seq }) => seq)).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8"]);
    const leaves = rows.map(({ leaf = "", entry = "", subject = "", id }) => {
      const body = Buffer.from(entry, "base64");
      expect(H(Uint8Array.of(0), body).toString("hex")).toBe(leaf);
      expect(JSON.parse(body.toString("utf8"))).toMatchObject({ id, subject: JSON.parse(subject), kind: "imported" });
      return Buffer.from(leaf, "hex");
    });
    const [, , key = ""] = /^(.*)\+([0-9a-f]{8})\+(.*)$/u.exec(ledger.publicKey)?.slice(1) ?? [];
    const x = Buffer.from(key, "base64").subarray(1).toString("base64url");
    const publicKey = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    const heads = rows.flatMap(({ seq, head }) => (head ? [{ size: Number(seq) + 1, head }] : []));
    expect(heads.map(({ size }) => size)).toEqual([5, 6, 9]);
    for (const { size, head } of heads) {
      const [said = "", signature = ""] = head.split("\n\n");
      expect(said.split("\n")).toEqual([
        "chuanda/ledger",
        String(size),
        root(leaves.slice(0, size)).toString("base64"),
      ]);
      const bytes = Buffer.from(signature.trim().split(" ").at(-1) ?? "", "base64").subarray(4);
      expect(verify(null, Buffer.from(`${said}\n`), publicKey, bytes)).toBe(true);
    }
  });
});
