import type { FoundCell, ImportId, RosterChange, RosterStore } from "../ports/store/roster-store.ts";
import type { Db } from "./client.ts";

/** Bytes as PostgreSQL reads them from a text. */
export const hex = (bytes: Uint8Array): string => `\\x${Buffer.from(bytes).toString("hex")}`;

const cellOf = (name: "name" | "phone" | "address", found: FoundCell | null): object =>
  found ? { [`${name}_cell`]: hex(found.cell), [`${name}_index`]: hex(found.index) } : {};

/** A change as the columns it is written to. */
const bodyOf = (change: RosterChange): object => {
  switch (change.kind) {
    case "unit": {
      const { siteTypes, ...unit } = change.unit;
      return { ...unit, site_types: siteTypes };
    }
    case "newcomer": {
      const { uid, locale, wrapped, name, phone } = change;
      return { uid, locale, wrapped: hex(wrapped), ...cellOf("name", name), ...cellOf("phone", phone) };
    }
    case "person": {
      const { uid, locale, name, phone } = change;
      return { uid, locale, ...cellOf("name", name), ...cellOf("phone", phone) };
    }
    case "account": {
      const { uid, platform, address } = change;
      return { uid, platform, ...cellOf("address", address) };
    }
    case "replaced":
      return { account: String(change.account) };
    case "ended":
      return { post: String(change.post), unit: change.unit };
    default: {
      const { kind: _, ...body } = change;
      return body;
    }
  }
};

/** How imports take turns, and where their changes wait. Each step is one short statement. */
export const rosterStaging = (db: Db): Pick<RosterStore, "begin" | "renew" | "stage" | "leave"> => ({
  async begin({ real, leaseUntil, trial }) {
    await db.$executeRaw`
      UPDATE "import_run" SET "state" = 'abandoned'
      WHERE "state" IN ('staging', 'trial') AND "lease_until" < ${real}::timestamptz`;
    await db.$executeRaw`
      DELETE FROM "staged_row" s USING "import_run" r
      WHERE r."id" = s."run_id" AND r."state" NOT IN ('staging', 'trial')`;
    const [run] = await db.$queryRaw<{ id: bigint }[]>`
      INSERT INTO "import_run" ("state", "lease_until")
      VALUES (${trial ? "trial" : "staging"}, ${leaseUntil}::timestamptz)
      ON CONFLICT DO NOTHING RETURNING "id"`;
    return run ? (run.id as ImportId) : null;
  },

  async renew(run, leaseUntil) {
    const held = await db.$executeRaw`
      UPDATE "import_run" SET "lease_until" = ${leaseUntil}::timestamptz WHERE "id" = ${run} AND "state" IN ('staging', 'trial')`;
    return held > 0;
  },

  async stage(run, changes, leaseUntil) {
    const rows = JSON.stringify(changes.map((change) => ({ kind: change.kind, body: bodyOf(change) })));
    const staged = await db.$executeRaw`
      WITH held AS (
        UPDATE "import_run" SET "lease_until" = ${leaseUntil}::timestamptz
        WHERE "id" = ${run} AND "state" IN ('staging', 'trial') RETURNING "id")
      INSERT INTO "staged_row" ("run_id", "kind", "body")
      SELECT held."id", r."kind", r."body" FROM held, jsonb_to_recordset(${rows}::jsonb) AS r("kind" text, "body" jsonb)`;
    return staged === changes.length;
  },

  async leave(run) {
    await db.$executeRaw`DELETE FROM "import_run" WHERE "id" = ${run} AND "state" IN ('staging', 'trial')`;
  },
});
