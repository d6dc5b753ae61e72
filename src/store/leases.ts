import type { LeaseStore } from "../ports/store/lease-store.ts";
import type { Db } from "./client.ts";

export const leaseStore = (db: Db): LeaseStore => ({
  async hold(name, holder, until, real) {
    const held = await db.$executeRaw`
      INSERT INTO "lease" ("name", "holder", "until") VALUES (${name}, ${holder}, ${until}::timestamptz)
      ON CONFLICT ("name") DO UPDATE SET "holder" = excluded."holder", "until" = excluded."until"
      WHERE "lease"."holder" = excluded."holder" OR "lease"."until" < ${real}::timestamptz`;
    return held > 0;
  },
  async release(name, holder) {
    await db.lease.deleteMany({ where: { name, holder } });
  },
});
