import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Pool } from "pg";
import type { PersonUid } from "../../src/domain/ids.ts";
import type { Problem } from "../../src/domain/problem.ts";
import { openTables } from "../../src/files/open-tables.ts";
import { openKeys } from "../../src/keys/keys.ts";
import { entryBytes } from "../../src/ledger/entry-bytes.ts";
import type { Keys } from "../../src/ports/keys.ts";
import type { ImportParts } from "../../src/services/import-parts.ts";
import { type ImportProgress, type ImportResult, importRoster } from "../../src/services/import-roster.ts";
import { type Db, openPrisma } from "../../src/store/client.ts";
import { rosterStore } from "../../src/store/roster.ts";
import { rootKey } from "../keys/root-key.ts";
import { freshEmbedded, freshPostgres } from "../setup/database.ts";
import { startOver } from "../setup/empty-tables.ts";

export const UNITS = "code,name,kind,parent,division,industry,site_types,grade,watch,status";
export const PEOPLE = "name,unit,post,locale,phone,telegram,slack,feishu,dingtalk,wecom,web";
export const AT = new Date("2026-09-18T01:00:00Z");

const openDb = async (kind: "postgres" | "embedded") => {
  if (kind === "embedded") {
    const { database, drop } = await freshEmbedded();
    return { pool: database.pool, url: "", drop };
  }
  const { url, drop } = await freshPostgres();
  const pool = new Pool({ connectionString: url, max: 4 });
  return { pool, url, drop: () => pool.end().then(drop) };
};

/** Everything that an import writes, with the names of people opened. */
const onRecord = async (db: Db, keys: Keys) => {
  const people = await db.person.findMany({
    include: { key: true, accounts: true, posts: { include: { unit: true } } },
  });
  const opened = people.map(({ uid, key, locale, nameCell, phoneCell, accounts, posts }) => {
    const cells = keys.person(uid, key?.wrapped ?? new Uint8Array());
    return {
      name: cells.open("person.name_cell", nameCell),
      phone: phoneCell && cells.open("person.phone_cell", phoneCell),
      locale,
      accounts: accounts
        .map(({ platform, addressCell }) => `${platform} ${cells.open("account.address_cell", addressCell)}`)
        .sort(),
      posts: posts.map(({ unit, post, deputy }) => `${unit.code} ${deputy ? "deputy:" : ""}${post}`).sort(),
    };
  });
  const units = await db.unit.findMany({ include: { parent: { select: { code: true } } }, orderBy: { lft: "asc" } });
  return {
    people: opened.sort((a, b) => (a.name < b.name ? -1 : 1)),
    units: units.map(({ id: _, parentId: __, parent, ...unit }) => ({ ...unit, parent: parent?.code ?? null })),
  };
};

/** Every row as the database has it. */
const rows = async (db: Db) => ({
  units: await db.unit.findMany({ orderBy: { id: "asc" } }),
  people: await db.person.findMany({ orderBy: { id: "asc" }, include: { key: true } }),
  accounts: await db.account.findMany({ orderBy: { id: "asc" } }),
  posts: await db.post.findMany({ orderBy: { id: "asc" } }),
  obligations: await db.obligation.findMany({ orderBy: { id: "asc" } }),
  ledger: await db.ledgerInbox.findMany({ orderBy: { id: "asc" } }),
});

/** The real import on a real database and real files, with a real time that can be moved. */
export const importWorld = async (kind: "postgres" | "embedded") => {
  const { pool, url, drop } = await openDb(kind);
  const db = openPrisma(pool);
  const keys = openKeys(rootKey(1));
  const folder = mkdtempSync(join(tmpdir(), "chuanda-import-"));
  let ahead = 0;
  const parts: ImportParts = {
    openTables,
    roster: rosterStore(db, entryBytes),
    keys,
    clock: { now: () => AT, real: () => new Date(Date.now() + ahead) },
    platforms: ["web", "telegram"],
    newUid: () => randomUUID() as string as PersonUid,
    newWebAddress: () => randomBytes(16).toString("base64url"),
  };
  const write = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  return {
    db,
    pool,
    url,
    keys,
    parts,
    write,
    onRecord: () => onRecord(db, keys),
    rows: () => rows(db),
    /** What the ledger was told, oldest first. */
    ledger: async () =>
      (await db.ledgerInbox.findMany({ orderBy: { id: "asc" } })).map(
        ({ body }) => JSON.parse(Buffer.from(body).toString("utf8")) as Record<string, unknown>,
      ),
    travel(milliseconds: number) {
      ahead += milliseconds;
    },
    ahead: () => ahead,
    async empty() {
      await startOver(pool, "unit", "person", "import_run", "ledger_inbox");
    },
    /** Imports tables given by their names and lines. */
    import(
      tables: Readonly<Record<string, readonly string[] | string | Uint8Array>>,
      how: {
        dryRun?: boolean;
        complete?: readonly string[];
        keys?: Keys;
        progress?: (progress: ImportProgress) => void;
      } = {},
    ): Promise<ImportResult> {
      const files = Object.entries(tables).map(([name, lines]) =>
        write(name, typeof lines === "string" || lines instanceof Uint8Array ? lines : `${lines.join("\n")}\n`),
      );
      const { dryRun = false, complete = [], progress = () => {} } = how;
      return importRoster({ ...parts, keys: how.keys ?? keys }, { files, dryRun, complete, progress });
    },
    async drop() {
      rmSync(folder, { recursive: true, force: true });
      await drop();
    },
  };
};

export type ImportWorld = Awaited<ReturnType<typeof importWorld>>;

/** Problems in short: "units.csv:3 kind "boss" unknown-word". */
export const inShort = (result: ImportResult): readonly string[] => {
  if (result.kind !== "refused") return [result.kind];
  return result.problems.map(({ file, line, column, value, reason }: Problem) =>
    [
      `${basename(file)}${line === null ? "" : `:${line}`}`,
      ...(column === null ? [] : [column]),
      ...(value === null ? [] : [JSON.stringify(value)]),
      reason.kind,
    ].join(" "),
  );
};
