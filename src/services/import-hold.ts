import type { Applied, ImportEntries, ImportId, RosterChange } from "../ports/store/roster-store.ts";
import { excusedEntry, handedOverEntry } from "./duty-entries.ts";
import type { ImportParts } from "./import-parts.ts";

/** Real milliseconds without a sign of life after which another import may take over; it gives one much more often. */
const LEASE = 15_000;
const RENEW = 3_000;
const STAGED_AT_ONCE = 1000;

type HoldParts = Pick<ImportParts, "roster" | "clock" | "platforms">;

/** How many units and people are added or changed, and how many offices have been left. */
export interface Changed {
  readonly units: number;
  readonly people: number;
  readonly ended: number;
}

/** What an import does to the database. False or null: another import has taken over, and this one is to stop. */
export interface Hold {
  /** Whether it still has hold. */
  keep(): boolean;
  add(changes: readonly RosterChange[]): Promise<boolean>;
  /** Makes everything true; in a dry run only to see what it would bring. */
  apply(changed: Changed): Promise<Applied | null>;
  /** Ends what was not applied, and leaves no trace of it. */
  leave(): Promise<void>;
}

const entriesOf = (at: Date, changed: Changed): ImportEntries => {
  const happened = { at, actor: "operator", how: "command" } as const;
  const [units, people, ended] = [changed.units, changed.people, changed.ended].map(String) as [string, string, string];
  return {
    imported: { ...happened, contentHash: null, kind: "imported", subject: { units, people, ended } },
    excused: (one) => excusedEntry(happened, one),
    handedOver: (one) => handedOverEntry(happened, one),
  };
};

const holding = ({ roster, clock, platforms }: HoldParts, run: ImportId, dryRun: boolean): Hold => {
  const waiting: RosterChange[] = [];
  let lost = false;
  const leaseUntil = (): Date => new Date(clock.real().getTime() + LEASE);
  const renew = async (): Promise<void> => {
    // A database that does not answer is told by the next thing that is written.
    lost ||= (await roster.renew(run, leaseUntil()).catch(() => true)) === false;
  };
  const timer = setInterval(() => void renew(), RENEW).unref();
  const flush = async (atLeast: number): Promise<boolean> => {
    while (waiting.length >= atLeast && waiting.length > 0)
      lost ||= !(await roster.stage(run, waiting.splice(0, STAGED_AT_ONCE), leaseUntil()));
    return !lost;
  };
  return {
    keep: () => !lost,
    add: async (changes) => {
      for (const change of changes) waiting.push(change);
      return flush(STAGED_AT_ONCE);
    },
    apply: async (changed) => {
      // From its first statement on the transaction itself keeps others out.
      clearInterval(timer);
      if (!(await flush(0))) return null;
      const now = clock.now();
      return roster.apply(run, entriesOf(now, changed), { now, platforms, dryRun });
    },
    leave: async () => {
      clearInterval(timer);
      await roster.leave(run);
    },
  };
};

/** Null while another import is under way; a dry run takes nobody's turn. */
export const takeHold = async (parts: HoldParts, dryRun: boolean): Promise<Hold | null> => {
  const real = parts.clock.real();
  const run = await parts.roster.begin({ real, leaseUntil: new Date(real.getTime() + LEASE), trial: dryRun });
  return run === null ? null : holding(parts, run, dryRun);
};
