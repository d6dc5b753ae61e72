import type { PersonUid } from "../domain/ids.ts";
import type { PlatformName } from "../domain/platform.ts";
import type { Clock } from "../ports/clock.ts";
import type { Keys } from "../ports/keys.ts";
import type { RosterStore } from "../ports/store/roster-store.ts";
import type { OpenTables } from "../ports/table.ts";

export interface ImportParts {
  readonly openTables: OpenTables;
  readonly roster: RosterStore;
  readonly keys: Keys;
  readonly clock: Clock;
  /** The platforms that are switched on, in order of preference. */
  readonly platforms: readonly PlatformName[];
  readonly newUid: () => PersonUid;
  /** The address of a web chat that nobody has and nobody guesses. */
  readonly newWebAddress: () => string;
}
