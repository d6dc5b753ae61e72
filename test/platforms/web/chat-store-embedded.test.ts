import { freshEmbedded } from "../../setup/database.ts";
import { chatStoreSuite } from "./chat-store.ts";

chatStoreSuite("the embedded database", async () => {
  const { database, drop } = await freshEmbedded();
  return { pool: database.pool, drop };
});
