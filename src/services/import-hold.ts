import type { ExcusedObligation, ImportId, RosterChange } from "../ports/store/roster-store.ts";
import type { ImportParts } from "./import-parts.ts";

/** Real milliseconds without a sign of life after which another import may take over. */
const LEASE = 60_000;
const RENEW_AFTER = 10_000;
const STAGED_AT_ONCE = 1000;

type HoldParts = Pick<ImportParts, "roster" | "clock">;

/** What an import does to the database. False: another import has taken over, and this one is to stop. */
export interface Hold {
  keep(): Promise<boolean>;
  add(changes: readonly RosterChange[]): Promise<boolean>;
  /** Makes everything true. `counts` are the units and people that were added or changed. */
  apply(counts: { readonly units: number; readonly people: number }): Promise<boolean>;
  leave(): Promise<void>;
}

/** A dry run holds nothing and writes nothing. */
export const noHold: Hold = {
  keep: async () => true,
  add: async () => true,
  apply: async () => true,
  leave: async () => {},
};

const holding = ({ roster, clock }: HoldParts, run: ImportId): Hold => {
  const waiting: RosterChange[] = [];
  let renewedAt = clock.real().getTime();
  const leaseUntil = (): Date => {
    renewedAt = clock.real().getTime();
    return new Date(renewedAt + LEASE);
  };
  const flush = async (atLeast: number): Promise<boolean> => {
    while (waiting.length >= atLeast && waiting.length > 0)
      if (!(await roster.stage(run, waiting.splice(0, STAGED_AT_ONCE), leaseUntil()))) return false;
    return true;
  };
  return {
    keep: async () => clock.real().getTime() - renewedAt < RENEW_AFTER || roster.renew(run, leaseUntil()),
    add: async (changes) => {
      for (const change of changes) waiting.push(change);
      return flush(STAGED_AT_ONCE);
    },
    apply: async ({ units, people }) => {
      if (!(await flush(0)) || !(await roster.renew(run, leaseUntil()))) return false;
      const happened = { at: clock.now(), actor: "operator", contentHash: null, how: "command" } as const;
      const excused = (about: ExcusedObligation) =>
        ({ ...happened, kind: "excused", subject: { ...about, reason: "unit-closed" } }) as const;
      const subject = { units: String(units), people: String(people) };
      return roster.apply(run, { imported: { ...happened, kind: "imported", subject }, excused });
    },
    leave: () => roster.leave(run),
  };
};

/** Null while another import is under way. */
export const takeHold = async (parts: HoldParts): Promise<Hold | null> => {
  const real = parts.clock.real();
  const run = await parts.roster.begin({ real, leaseUntil: new Date(real.getTime() + LEASE) });
  return run === null ? null : holding(parts, run);
};
