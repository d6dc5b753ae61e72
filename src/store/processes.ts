import type { ProcessStore } from "../ports/store/process-store.ts";
import type { Db } from "./client.ts";

const DAY_MS = 24 * 60 * 60_000;

export const processStore = (db: Db): ProcessStore => ({
  async beat({ id, roles, version, startedAt }, real) {
    await db.$executeRaw`
      INSERT INTO "service_process" ("id", "roles", "version", "started_at", "seen_at")
      VALUES (${id}, ${[...roles]}::text[], ${version}, ${startedAt}::timestamptz, ${real}::timestamptz)
      ON CONFLICT ("id") DO UPDATE SET "seen_at" = excluded."seen_at"`;
    await db.$executeRaw`DELETE FROM "service_process" WHERE "seen_at" < ${new Date(real.getTime() - DAY_MS)}::timestamptz`;
  },
  async leave(id) {
    await db.serviceProcess.deleteMany({ where: { id } });
  },
  all: () => db.serviceProcess.findMany({ orderBy: { startedAt: "asc" } }),
});
