import { type Problem, problem, reason } from "../domain/problem.ts";
import { visibleText } from "../domain/visible-text.ts";
import type { Directory } from "../ports/directory.ts";
import type { OpenTables, Table, TableRow } from "../ports/table.ts";

interface NameParts {
  readonly openTables: OpenTables;
  readonly directory: Directory;
  /** The column whose e-mail addresses stand for ids. */
  readonly column: string;
  /** Addresses of these domains alone are looked up: a guest of the workspace may have any other. In small letters. */
  readonly domains: ReadonlySet<string>;
}

type Page = readonly (TableRow | Problem)[];

const isRow = (row: TableRow | Problem): row is TableRow => "cells" in row;

/** An e-mail address in small letters; null for anything else, which is read as it stands. */
const emailIn = (row: TableRow | Problem, column: string): string | null => {
  const text = isRow(row) ? visibleText(row.cells[column] ?? "").toLowerCase() : "";
  return /^[^\s@]+@[^\s@]+$/.test(text) ? text : null;
};

const domainOf = (email: string): string => email.slice(email.lastIndexOf("@") + 1);

/** Lets a file name people by their e-mail addresses where a platform's id is wanted; everything after reads ids. */
export const namingAccounts = ({ openTables, directory, column, domains }: NameParts): OpenTables => {
  // A file is read more than once; whom it names is asked once.
  const known = new Map<string, string | null>();

  const learn = async (page: Page): Promise<void> => {
    const emails = new Set(page.flatMap((row) => emailIn(row, column) ?? []));
    const unknown = [...emails].filter((email) => domains.has(domainOf(email)) && !known.has(email));
    if (unknown.length === 0) return;
    const found = await directory.byEmail(unknown);
    for (const email of unknown) known.set(email, found.get(email) ?? null);
  };

  const named = (file: string, row: TableRow | Problem): TableRow | Problem => {
    const email = emailIn(row, column);
    if (email === null || !isRow(row)) return row;
    const id = known.get(email);
    if (id) return { ...row, cells: { ...row.cells, [column]: id } };
    const why = domains.has(domainOf(email))
      ? reason("unknown-email")
      : reason("foreign-email", { domains: [...domains].join(", ") });
    return problem({ file, line: row.line }, why, { column, value: email });
  };

  const naming = (table: Table): Table => ({
    ...table,
    async *rows() {
      for await (const page of table.rows()) {
        const why = await learn(page).then(
          () => null,
          (error: unknown) => (error instanceof Error ? error.message : "unknown"),
        );
        if (why !== null) {
          yield [problem({ file: table.file, line: null }, reason("emails-unanswered", { why }), { column })];
          return;
        }
        yield page.map((row) => named(table.file, row));
      }
    },
  });

  return async (path) => {
    const opened = await openTables(path);
    if ("problems" in opened) return opened;
    return { tables: opened.tables.map((table) => (table.kind === "people" ? naming(table) : table)) };
  };
};
