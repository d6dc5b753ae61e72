import { problem, reason } from "../domain/problem.ts";
import type { ProblemList } from "../domain/problem-list.ts";
import type { Applied, ExcusedObligation, HandedOver } from "../ports/store/roster-store.ts";
import type { Table } from "../ports/table.ts";
import { type Offices, officesOf } from "./find-leavers.ts";
import { type Hold, takeHold } from "./import-hold.ts";
import type { ImportParts } from "./import-parts.ts";
import { readRoster, type WrongScope } from "./read-roster.ts";
import { type Counts, type Staged, stageRoster } from "./stage-roster.ts";

export interface ImportProgress {
  readonly phase: "reading" | "checking" | "writing";
  /** Rows. */
  readonly done: number;
  readonly total: number | null;
}

export interface Imported extends Counts {
  readonly kind: "imported";
  /** Columns that nobody knows here and that were left out, by file. */
  readonly unread: readonly { readonly file: string; readonly columns: readonly string[] }[];
  /** Offices on record in units that the people files name, and that these do not name any more. They stay. */
  readonly missing: Offices;
  /** Offices that were ended. */
  readonly ended: Offices;
  /** Open obligations for which others are asked now, or nobody. */
  readonly handedOver: readonly HandedOver[];
  readonly excused: readonly ExcusedObligation[];
}

export type ImportResult =
  | Imported
  /** Nothing was written. */
  | ({ readonly kind: "refused" } & ProblemList)
  | WrongScope
  | { readonly kind: "busy" };

export interface ImportRequest {
  readonly files: readonly string[];
  /** Everything is read, checked and compared, and nothing written. */
  readonly dryRun: boolean;
  /** The units of which, with all below them, the people files name everybody: whoever they do not name there has left. */
  readonly complete: readonly string[];
  readonly progress: (progress: ImportProgress) => void;
}

const openAll = async (
  { openTables }: ImportParts,
  files: readonly string[],
): Promise<readonly Table[] | ProblemList> => {
  const opened = await Promise.all(files.map((file) => openTables(file)));
  const problems = opened.flatMap((each) => ("problems" in each ? each.problems : []));
  return problems.length > 0 ? { problems, more: 0 } : opened.flatMap((each) => ("tables" in each ? each.tables : []));
};

/** Tells the progress of a phase, and ends it when hold is lost. */
const counting = (hold: Hold, request: ImportRequest, phase: ImportProgress["phase"], total: () => number | null) => {
  let done = 0;
  const tell = (): void => {
    const all = total();
    request.progress({ phase, done, total: all === null ? null : Math.max(done, all) });
  };
  tell();
  return (rows: number): boolean => {
    done += rows;
    tell();
    return hold.keep();
  };
};

/** How many rows there are, judging by those that have been read. */
const estimated = (tables: readonly Table[], rows: () => number) => (): number | null => {
  const [size, read] = [
    tables.reduce((sum, each) => sum + each.size, 0),
    tables.reduce((sum, each) => sum + each.read(), 0),
  ];
  return read === 0 ? null : Math.round((rows() * size) / read);
};

const changedFile = ({ file }: Table): ProblemList => ({
  problems: [problem({ file, line: null }, reason("file-changed"))],
  more: 0,
});

const firstChanged = async (tables: readonly Table[]): Promise<Table | null> => {
  for (const table of tables) if (!(await table.isUnchanged())) return table;
  return null;
};

const NOTHING: Applied = { excused: [], handedOver: [] };

const apply = async (hold: Hold, request: ImportRequest, { counts }: Staged): Promise<Applied | null> => {
  const { units, people, posts } = counts;
  const changed = { units: units.added + units.changed, people: people.added + people.changed, ended: posts.ended };
  const total = changed.units + changed.people + changed.ended;
  if (total === 0) return NOTHING;
  request.progress({ phase: "writing", done: 0, total });
  return hold.apply(changed);
};

const read = async (parts: ImportParts, request: ImportRequest, tables: readonly Table[], hold: Hold) => {
  let rows = 0;
  const tell = counting(
    hold,
    request,
    "reading",
    estimated(tables, () => rows),
  );
  const onRows = (count: number): boolean => {
    rows += count;
    return tell(count);
  };
  return readRoster({ ...parts, tables, complete: request.complete, onRows });
};

const work = async (
  parts: ImportParts,
  request: ImportRequest,
  tables: readonly Table[],
  hold: Hold,
): Promise<ImportResult> => {
  const roster = await read(parts, request, tables, hold);
  if (roster === null) return { kind: "busy" };
  if ("kind" in roster) return roster;
  if ("problems" in roster) return { kind: "refused", ...roster };
  const onRows = counting(hold, request, "checking", () => roster.people.personOf.length);
  const staged = await stageRoster({ parts, hold, roster, tables, onRows });
  if (staged === "lost") return { kind: "busy" };
  const changed = await firstChanged(tables);
  const [first] = tables;
  if (staged === "changed" || changed) return { kind: "refused", ...changedFile((changed ?? first) as Table) };
  const { counts, leavers } = staged;
  // Read before they are gone.
  const ended = await officesOf(
    parts,
    leavers.ended.map(({ id }) => id),
    leavers.ended.length,
  );
  const missing = await officesOf(parts, leavers.missing, leavers.missingCount);
  const applied = await apply(hold, request, staged);
  if (!applied) return { kind: "busy" };
  const unread = tables.flatMap(({ file, unknown }) => (unknown.length > 0 ? [{ file, columns: unknown }] : []));
  return { kind: "imported", ...counts, ...applied, unread, missing, ended };
};

/**
 * Imports units and people: all of it or nothing. Units go first whatever the order of the files; importing the same
 * again changes nothing. "busy" while another import is under way.
 */
export const importRoster = async (parts: ImportParts, request: ImportRequest): Promise<ImportResult> => {
  const tables = await openAll(parts, request.files);
  if ("problems" in tables) return { kind: "refused", ...tables };
  const hold = await takeHold(parts, request.dryRun);
  if (!hold) return { kind: "busy" };
  try {
    return await work(parts, request, tables, hold);
  } finally {
    // What went wrong first is what is told; a hold that cannot be given back ends with its lease.
    await hold.leave().catch(() => {});
  }
};
