import type { Db } from "../../src/store/client.ts";

const COLUMNS = {
  obligation: ["unit_id", "person_id", "needed", "due_at", "state", "excuse"],
  delivery: ["person_id", "kind", "unit_id", "account_id", "platform", "lane", "state", "why", "at"],
} as const;

const quoted = (columns: readonly string[]): string => columns.map((column) => `"${column}"`).join(", ");

/** Keeps the rows that the only publication wrote. */
export const keepRows = async (db: Db): Promise<void> => {
  for (const [table, columns] of Object.entries(COLUMNS)) {
    await db.$executeRawUnsafe(`CREATE UNLOGGED TABLE "kept_${table}" AS SELECT ${quoted(columns)} FROM "${table}"`);
    await db.$executeRawUnsafe(`VACUUM ANALYZE "kept_${table}"`);
  }
};

/** Takes away every publication, and writes to disk what is still on its way there. */
export const emptied = async (db: Db): Promise<void> => {
  await db.$executeRaw`TRUNCATE "notice", "ledger_inbox" RESTART IDENTITY CASCADE`;
  await db.$executeRaw`CHECKPOINT`;
};

/** A notice for the bare rows to belong to; not part of what is measured. */
export const bareNotice = async (db: Db): Promise<void> => {
  await db.$executeRaw`
    INSERT INTO "notice" ("id", "number", "issuer_id", "urgency", "ack", "closing", "audience", "reminders", "content_hash",
                          "locale", "seconds", "published_at")
    VALUES (1, 'bare', 1, 'priority', 'undertake', 'each-unit', 'all', '[]', '', 'zh-CN', 30, '2026-09-18T01:00:00Z')`;
};

/** Writes the kept rows into the same two tables, and nothing else. */
export const insertBare = (db: Db): Promise<void> =>
  db.$transaction(async (tx) => {
    for (const [table, columns] of Object.entries(COLUMNS))
      await tx.$executeRawUnsafe(
        `INSERT INTO "${table}" ("notice_id", ${quoted(columns)}) SELECT 1, ${quoted(columns)} FROM "kept_${table}"`,
      );
  });
