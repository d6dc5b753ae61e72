import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backupFiles } from "../../src/files/backup-files.ts";
import type { BackupRows, SnapshotTable, TextRow } from "../../src/ports/backup.ts";
import { folder } from "./place.ts";

const table = (name: string, rows: readonly TextRow[]): SnapshotTable => ({
  name,
  columns: [
    { name: "id", type: "bigint" },
    { name: "words", type: "text" },
  ],
  rows: rows.length,
  async *pages() {
    for (let at = 0; at < rows.length; at += 100) yield rows.slice(at, at + 100);
  },
});
const PEOPLE = Array.from(
  { length: 250 },
  (_, at): TextRow => [String(2n ** 62n + BigInt(at)), `张${at}\n"\\\t\u2028`],
);
const FACTS = {
  version: "1.2.3",
  createdAt: "2026-11-24T01:02:03.004Z",
  database: "embedded",
  migrations: [{ name: "20261123100000_init", checksum: "ab" }],
  keys: { secret: ["probe"], ledger: "chuanda/ledger+00000000+AA" },
  head: null,
  sequences: [{ name: "person_id_seq", last: "250" }],
} as const;

let shelf: ReturnType<typeof folder>;
let whole: Buffer;
const write = (path: string, force = false, tables = [table("person", PEOPLE), table("empty", [])]) =>
  backupFiles.write(path, FACTS, tables, { force, progress: () => {} });
const read = async (path: string) => {
  const parts: BackupRows[] = [];
  const result = await backupFiles.read(
    path,
    async (part) => void parts.push(part),
    () => {},
  );
  return { result, rows: () => parts.flatMap(({ json }) => JSON.parse(json) as TextRow[]) };
};
const faultOf = async (bytes: Uint8Array) => {
  writeFileSync(shelf.at("other"), bytes);
  const { result } = await read(shelf.at("other"));
  return "fault" in result ? result.fault : null;
};

beforeAll(async () => {
  shelf = folder();
  await write(shelf.at("whole"));
  whole = readFileSync(shelf.at("whole"));
});
afterAll(() => shelf.remove());

describe("a backup's file", () => {
  it("gives back every row and everything that it says about itself", async () => {
    const { result, rows } = await read(shelf.at("whole"));
    expect(rows()).toEqual(PEOPLE);
    expect(result).toMatchObject({ manifest: FACTS });
    expect(result).toMatchObject({
      manifest: {
        tables: [
          { name: "person", rows: 250 },
          { name: "empty", rows: 0 },
        ],
      },
    });
  });

  it("cut off anywhere is not whole, and is none when nothing of ours is left", async () => {
    for (const part of [0.3, 0.6, 0.9, 0.99]) {
      const fault = await faultOf(whole.subarray(0, Math.floor(whole.length * part)));
      expect(["incomplete", "damaged"], String(part)).toContain(fault?.kind);
    }
    expect(await faultOf(whole.subarray(0, whole.length - 1))).toEqual({ kind: "incomplete" });
    expect(await faultOf(whole.subarray(0, 10))).toEqual({ kind: "foreign" });
    expect(await faultOf(Buffer.alloc(0))).toEqual({ kind: "foreign" });
  });

  it("with one byte changed anywhere is never taken for good", async () => {
    for (let at = 20; at < whole.length; at += Math.ceil(whole.length / 60)) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await faultOf(changed), String(at)).not.toBeNull();
    }
  });

  it("that was changed with care names the table", async () => {
    const tar = gunzipSync(whole);
    const at = tar.indexOf("张7");
    tar.write("8", at + 3);
    expect(await faultOf(gzipSync(tar))).toEqual({ kind: "damaged", place: "person" });
  });

  it("of a newer format says so, and anything else is no backup", async () => {
    const tar = gunzipSync(whole);
    tar.write("9\n", 512);
    expect(await faultOf(gzipSync(tar))).toEqual({ kind: "newer-format", format: 9 });
    expect(await faultOf(Buffer.from("# 通知"))).toEqual({ kind: "foreign" });
    expect(await faultOf(gzipSync("hello"))).toEqual({ kind: "foreign" });
  });

  it("stands under its name only when it is whole", async () => {
    const broken: SnapshotTable = {
      ...table("person", PEOPLE),
      async *pages() {
        yield PEOPLE.slice(0, 100);
        throw new Error("the database is gone");
      },
    };
    await expect(write(shelf.at("half"), false, [broken])).rejects.toThrow("the database is gone");
    await expect(write(shelf.at("whole"), true, [broken])).rejects.toThrow("the database is gone");
    expect(readFileSync(shelf.at("whole"))).toEqual(whole);
    expect(await write(shelf.at("whole"))).toEqual({ fault: "exists" });
    expect(await write(shelf.at("no/such/folder"))).toEqual({ fault: "unwritable", why: "ENOENT" });
    expect(readdirSync(shelf.path).sort()).toEqual(["other", "whole"]);
  });
});
