import { problem, type ReasonKind, reason } from "../domain/problem.ts";
import type { OpenTables } from "../ports/table.ts";
import { csvTable } from "./csv-table.ts";
import { type FileKind, fileKind } from "./file-kind.ts";
import { headOf, openSource } from "./source.ts";
import { oleFault, xlsxTables } from "./xlsx-table.ts";

const UNREAD: Partial<Record<FileKind, ReasonKind>> = { "utf-16": "utf-16", binary: "not-a-table" };

/** Opens a file of units or of people. What it is, its content tells, and never its name. */
export const openTables: OpenTables = async (path) => {
  const source = await openSource(path);
  if (!("chunks" in source)) return { problems: [source] };
  const kind = fileKind(await headOf(source));
  const unread = UNREAD[kind];
  if (unread) return { problems: [problem({ file: path, line: null }, reason(unread))] };
  if (kind === "zip") return xlsxTables(source);
  return kind === "ole" ? oleFault(source) : csvTable(source);
};
