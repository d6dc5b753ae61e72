import type { EntryBytes } from "../ports/ledger.ts";
import type { RosterStore } from "../ports/store/roster-store.ts";
import type { Db } from "./client.ts";
import { applyStaged } from "./roster-apply.ts";
import { rosterReader } from "./roster-reader.ts";
import { rosterStaging } from "./roster-staging.ts";

export const rosterStore = (db: Db, entryBytes: EntryBytes): RosterStore => ({
  ...rosterStaging(db),
  ...rosterReader(db),
  apply: (run, entries) => db.$transaction((tx) => applyStaged(tx, run, entries, entryBytes)),
});
