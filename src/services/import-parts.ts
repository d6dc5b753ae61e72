import type { PersonUid } from "../domain/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { Keys } from "../ports/keys.ts";
import type { RosterStore } from "../ports/store/roster-store.ts";
import type { OpenTable } from "../ports/table.ts";

export interface ImportParts {
  readonly openTable: OpenTable;
  readonly roster: RosterStore;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly newUid: () => PersonUid;
  /** The address of a web chat that nobody has and nobody guesses. */
  readonly newWebAddress: () => string;
}
