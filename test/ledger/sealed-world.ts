import { generateKeyPairSync } from "node:crypto";
import { Pool } from "pg";
import { openLedger } from "../../src/ledger/ledger.ts";
import type { Ledger, LedgerEvent } from "../../src/ports/ledger.ts";
import type { LedgerStore } from "../../src/ports/store/ledger-store.ts";
import { type SealParts, seal } from "../../src/services/seal.ts";
import { type Db, openPrisma } from "../../src/store/client.ts";
import { ledgerStore } from "../../src/store/ledger-entries.ts";
import { freshEmbedded, freshPostgres } from "../setup/database.ts";

export const newLedgerKey = (): string =>
  generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "der" }).toString("base64");

/** A ledger on a database of its own, and what a person who has the database could do to it. */
export interface SealedWorld {
  readonly db: Db;
  readonly pool: Pool;
  readonly url: string | null;
  readonly key: string;
  readonly ledger: Ledger;
  readonly store: LedgerStore;
  readonly parts: SealParts & { readonly ledgerStore: LedgerStore };
  /** Writes events as transactions do, without sealing them. */
  tell(...events: readonly LedgerEvent[]): Promise<void>;
  /** Seals everything that waits, and returns how much that was. */
  sealAll(): Promise<number>;
  /** Runs SQL as a superuser who has put the triggers out of the way. */
  tamper(...sql: readonly string[]): Promise<void>;
  drop(): Promise<void>;
}

export const AT = new Date("2026-04-13T01:00:00Z");

const openPool = async (kind: "postgres" | "embedded") => {
  if (kind === "embedded") {
    const { database, drop } = await freshEmbedded();
    return { pool: database.pool, url: null, drop };
  }
  const { url, drop } = await freshPostgres();
  const pool = new Pool({ connectionString: url, max: 4 });
  return { pool, url, drop: () => pool.end().then(drop) };
};

export const sealedWorld = async (kind: "postgres" | "embedded" = "postgres"): Promise<SealedWorld> => {
  const { pool, url, drop } = await openPool(kind);
  const db = openPrisma(pool);
  const key = newLedgerKey();
  const ledger = openLedger(key);
  const store = ledgerStore(db);
  const parts = { ledgerStore: store, ledger, clock: { now: () => AT, real: () => new Date() } };
  return {
    db,
    pool,
    url,
    key,
    ledger,
    store,
    parts,
    async tell(...events) {
      await db.ledgerInbox.createMany({ data: events.map((event) => ({ body: ledger.entryBytes(event) })) });
    },
    async sealAll() {
      let sealed = 0;
      for (let now = await seal(parts); now > 0; now = await seal(parts)) sealed += now;
      return sealed;
    },
    async tamper(...sql) {
      const tables = ["ledger_entry", "ledger_head"];
      for (const table of tables) await pool.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
      for (const statement of sql) await pool.query(statement);
      for (const table of tables) await pool.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
    },
    async drop() {
      await db.$disconnect();
      await drop();
    },
  };
};

/** An event that concerns no obligation. */
export const imported = (units: number): LedgerEvent => ({
  kind: "imported",
  at: AT,
  actor: "operator",
  subject: { units: String(units), people: "0", ended: "0" },
  contentHash: null,
  how: "command",
});
