import { openDatabase } from "../../../src/database/open-database.ts";
import { freshPostgres } from "../../setup/database.ts";
import { testLog } from "../../setup/log.ts";
import { chatStoreSuite } from "./chat-store.ts";

chatStoreSuite("PostgreSQL", async () => {
  const { url, drop } = await freshPostgres();
  const database = await openDatabase({ url, dataDir: "", log: testLog(), onDeath: () => {} });
  return {
    pool: database.pool,
    drop: async () => {
      await database.close();
      await drop();
    },
  };
});
