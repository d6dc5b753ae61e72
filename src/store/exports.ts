import type { Keys } from "../ports/keys.ts";
import type { EntryBytes } from "../ports/ledger.ts";
import type { ExportStore } from "../ports/store/export-store.ts";
import type { Db } from "./client.ts";
import { exportCoverage } from "./export-coverage.ts";
import { exportHolders } from "./export-holders.ts";
import { exportUnits } from "./export-units.ts";

export const exportStore = (db: Db, keys: Pick<Keys, "person">, entryBytes: EntryBytes): ExportStore => ({
  ...exportHolders(db, keys),
  ...exportUnits(db),
  ...exportCoverage(db, keys),
  async tell(event) {
    await db.ledgerInbox.create({ data: { body: Buffer.from(entryBytes(event)) } });
  },
});
