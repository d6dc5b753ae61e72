import { type Place, type Problem, reason } from "./problem.ts";
import { type CellReader, type Cells, cellReader } from "./roster-cells.ts";
import { GRADES, INDUSTRIES, SITE_TYPES, UNIT_KINDS, UNIT_STATUSES, type UnitFacts } from "./unit.ts";

/** A row of units.csv. What stands in `facts` replaces what is stored; a column that the file lacks changes nothing. */
export interface UnitRow {
  readonly at: Place;
  readonly code: string;
  readonly parent: string | null;
  readonly facts: Pick<UnitFacts, "name" | "kind"> & Partial<Omit<UnitFacts, "code" | "name" | "kind">>;
}

const MOST_NAME = 200;
const MOST_CODE = 64;
/** What the audience language can name without quoting. */
const CODE = /^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u;
/** GB/T 2260 has two digits a tier; the statistical codes go on to twelve. */
const DIVISION = /^\d{2,12}$/;

const codeIn = (read: CellReader, column: string): string | null => {
  const code = read.text(column, MOST_CODE);
  return code === null || CODE.test(code) ? code : read.wrong(column, reason("bad-code"));
};

const division = (read: CellReader): string | null => {
  const text = read.plain("division");
  if (text === "") return null;
  return DIVISION.test(text) ? text : read.wrong("division", reason("bad-division"));
};

/** Only the facts whose columns the file has. */
const optionalFacts = (read: CellReader): Partial<UnitFacts> => ({
  ...(read.has("division") && { division: division(read) }),
  ...(read.has("industry") && { industries: read.words("industry", INDUSTRIES) }),
  ...(read.has("site_types") && { siteTypes: read.words("site_types", SITE_TYPES) }),
  ...(read.has("grade") && { grade: read.word("grade", GRADES) }),
  ...(read.has("watch") && { watch: read.word("watch", ["yes", "no"]) === "yes" }),
  ...(read.has("status") && { status: read.word("status", UNIT_STATUSES) ?? "active" }),
});

/** A row of units.csv, or what is wrong with it; `code` is then still told, so that its children are not blamed too. */
export const readUnit = (
  at: Place,
  cells: Cells,
):
  | { readonly kind: "unit"; readonly unit: UnitRow }
  | { readonly kind: "wrong"; readonly problems: readonly Problem[]; readonly code: string | null } => {
  const read = cellReader(at, cells);
  const code = codeIn(read, "code");
  const name = read.text("name", MOST_NAME);
  const kind = read.plain("kind") === "" ? read.wrong("kind", reason("empty")) : read.word("kind", UNIT_KINDS);
  const parent = read.plain("parent") === "" ? null : codeIn(read, "parent");
  const facts = optionalFacts(read);
  if (read.problems.length > 0 || code === null || name === null || kind === null)
    return { kind: "wrong", problems: read.problems, code };
  return { kind: "unit", unit: { at, code, parent, facts: { name, kind, ...facts } } };
};
