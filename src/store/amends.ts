import type { EntryBytes } from "../ports/ledger.ts";
import type { AmendStore } from "../ports/store/amend-store.ts";
import type { Db } from "./client.ts";
import { recalls } from "./recalls.ts";
import { supersedes } from "./supersedes.ts";

export const amendStore = (db: Db, entryBytes: EntryBytes): AmendStore => ({
  ...recalls(db, entryBytes),
  ...supersedes(db, entryBytes),
});
