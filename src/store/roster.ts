import type { EntryBytes } from "../ports/ledger.ts";
import type { Applied, RosterStore } from "../ports/store/roster-store.ts";
import type { Db } from "./client.ts";
import { RolledBack } from "./rolled-back.ts";
import { applyStaged } from "./roster-apply.ts";
import { rosterReader } from "./roster-reader.ts";
import { rosterStaging } from "./roster-staging.ts";

/** A million people take minutes. */
const LONGEST_MS = 60 * 60_000;

export const rosterStore = (db: Db, entryBytes: EntryBytes): RosterStore => ({
  ...rosterStaging(db),
  ...rosterReader(db),
  apply: (run, entries, how) =>
    db
      .$transaction(
        async (tx) => {
          const applied = await applyStaged(tx, run, entries, how, entryBytes);
          if (how.dryRun && applied) throw new RolledBack(applied);
          return applied;
        },
        { timeout: LONGEST_MS },
      )
      .catch((error) => {
        if (error instanceof RolledBack) return error.result as Applied;
        throw error;
      }),
});
