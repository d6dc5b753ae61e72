import { openDatabase } from "../../src/database/open-database.ts";
import type { Db } from "../../src/store/client.ts";
import { openPrisma } from "../../src/store/client.ts";
import type { freshEmbedded, freshPostgres } from "../setup/database.ts";
import { testLog } from "../setup/log.ts";

export interface Open {
  readonly db: Db;
  close(): Promise<void>;
}

export const overPostgres = async ({ url, drop }: Awaited<ReturnType<typeof freshPostgres>>): Promise<Open> => {
  const database = await openDatabase({ url, dataDir: "", log: testLog(), onDeath: () => {} });
  const db = openPrisma(database.pool);
  return {
    db,
    close: async () => {
      await db.$disconnect();
      await database.close();
      await drop();
    },
  };
};

export const overEmbedded = async ({ database, drop }: Awaited<ReturnType<typeof freshEmbedded>>): Promise<Open> => {
  const db = openPrisma(database.pool);
  return {
    db,
    close: async () => {
      await db.$disconnect();
      await drop();
    },
  };
};
