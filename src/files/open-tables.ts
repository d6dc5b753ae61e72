import { problem, type ReasonKind, reason } from "../domain/problem.ts";
import type { OpenTables } from "../ports/table.ts";
import { type FileKind, fileKind } from "./file-kind.ts";
import { headOf, openSource } from "./source.ts";

const UNREAD: Partial<Record<FileKind, ReasonKind>> = { "utf-16": "utf-16", binary: "not-a-table" };

/** Opens a file of units or of people. What it is, its content tells, and never its name. */
export const openTables: OpenTables = async (path) => {
  const source = await openSource(path);
  if (!("chunks" in source)) return { problems: [source] };
  const kind = fileKind(await headOf(source));
  const unread = UNREAD[kind];
  if (unread) return { problems: [problem({ file: path, line: null }, reason(unread))] };
  // What reads either format is loaded when it is met.
  if (kind === "text") return (await import("./csv-table.ts")).csvTable(source);
  const { oleFault, xlsxTables } = await import("./xlsx-table.ts");
  return kind === "zip" ? xlsxTables(source) : oleFault(source);
};
