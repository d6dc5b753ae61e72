import { problem, reason } from "../domain/problem.ts";
import type { ProblemList } from "../domain/problem-list.ts";
import type { Table } from "../ports/table.ts";
import { type Hold, noHold, takeHold } from "./import-hold.ts";
import type { ImportParts } from "./import-parts.ts";
import { readRoster } from "./read-roster.ts";
import { type Counts, stageRoster } from "./stage-roster.ts";

export interface ImportProgress {
  readonly phase: "reading" | "checking" | "writing";
  /** Rows. */
  readonly done: number;
  readonly total: number | null;
}

export type ImportResult =
  | ({
      readonly kind: "imported";
      /** Columns that nobody knows here and that were left out, by file. */
      readonly unread: readonly { readonly file: string; readonly columns: readonly string[] }[];
    } & Counts)
  /** Nothing was written. */
  | ({ readonly kind: "refused" } & ProblemList)
  | { readonly kind: "busy" };

export interface ImportRequest {
  readonly files: readonly string[];
  /** Everything is read, checked and compared, and nothing written. */
  readonly dryRun: boolean;
  readonly progress: (progress: ImportProgress) => void;
}

const openAll = async (
  { openTable }: ImportParts,
  files: readonly string[],
): Promise<readonly Table[] | ProblemList> => {
  const opened = await Promise.all(files.map((file) => openTable(file)));
  const problems = opened.flatMap((each) => ("problems" in each ? each.problems : []));
  return problems.length > 0 ? { problems, more: 0 } : opened.flatMap((each) => ("table" in each ? [each.table] : []));
};

/** Tells the progress of a phase, and keeps hold meanwhile. */
const counting = (hold: Hold, request: ImportRequest, phase: ImportProgress["phase"], total: number | null) => {
  let done = 0;
  const tell = (): void => request.progress({ phase, done, total });
  tell();
  return async (rows: number): Promise<boolean> => {
    done += rows;
    tell();
    return hold.keep();
  };
};

const changedFile = ({ file }: Table): ProblemList => ({
  problems: [problem({ file, line: null }, reason("file-changed"))],
  more: 0,
});

const firstChanged = async (tables: readonly Table[]): Promise<Table | null> => {
  for (const table of tables) if (!(await table.isUnchanged())) return table;
  return null;
};

const apply = async (hold: Hold, request: ImportRequest, counts: Counts): Promise<boolean> => {
  const { units, people } = counts;
  const changed = { units: units.added + units.changed, people: people.added + people.changed };
  if (changed.units + changed.people === 0) {
    await hold.leave();
    return true;
  }
  const total = changed.units + changed.people;
  request.progress({ phase: "writing", done: 0, total });
  return hold.apply(changed);
};

const work = async (
  parts: ImportParts,
  request: ImportRequest,
  tables: readonly Table[],
  hold: Hold,
): Promise<ImportResult> => {
  const onRead = counting(hold, request, "reading", null);
  const roster = await readRoster({ ...parts, tables, onRows: onRead });
  if (roster === null) return { kind: "busy" };
  if ("problems" in roster) return { kind: "refused", ...roster };
  const onRows = counting(hold, request, "checking", roster.people.personOf.length);
  const counts = await stageRoster({ parts, hold, roster, tables, onRows });
  if (counts === "lost") return { kind: "busy" };
  const changed = await firstChanged(tables);
  const [first] = tables;
  if (counts === "changed" || changed) return { kind: "refused", ...changedFile((changed ?? first) as Table) };
  if (!(await apply(hold, request, counts))) return { kind: "busy" };
  const unread = tables.flatMap(({ file, unknown }) => (unknown.length > 0 ? [{ file, columns: unknown }] : []));
  return { kind: "imported", ...counts, unread };
};

/**
 * Imports units and people: all of it or nothing. Units go first whatever the order of the files; importing the same
 * again changes nothing. "busy" while another import is under way.
 */
export const importRoster = async (parts: ImportParts, request: ImportRequest): Promise<ImportResult> => {
  const tables = await openAll(parts, request.files);
  if ("problems" in tables) return { kind: "refused", ...tables };
  const hold = request.dryRun ? noHold : await takeHold(parts);
  if (!hold) return { kind: "busy" };
  try {
    const result = await work(parts, request, tables, hold);
    if (result.kind === "refused") await hold.leave();
    return result;
  } catch (error) {
    // What went wrong first is what is told; a hold that cannot be given back ends with its lease.
    await hold.leave().catch(() => {});
    throw error;
  }
};
