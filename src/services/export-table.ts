import type { PhraseKey } from "../dialogue/phrase.ts";
import { phrase } from "../dialogue/phrase.ts";
import type { Sheet } from "../ports/sheet.ts";
import { exportCoverage } from "./export-coverage.ts";
import { exportLedger } from "./export-ledger.ts";
import type { ExportParts, ExportRequest, ExportResult, Leaving } from "./export-parts.ts";
import { exportPeople } from "./export-people.ts";
import { exportUnits } from "./export-units.ts";

export const EXPORTED = ["people", "units", "coverage", "ledger"] as const;

export type Exported = (typeof EXPORTED)[number];

const EXPORTS: Readonly<Record<Exported, (parts: ExportParts, request: ExportRequest) => Promise<ExportResult>>> = {
  people: exportPeople,
  units: exportUnits,
  coverage: exportCoverage,
  ledger: exportLedger,
};

export type Table =
  | { readonly kind: "table"; readonly total: number; readonly sheet: Sheet }
  | Exclude<ExportResult, Leaving>;

/** Begins to let a table go, under a header in the reader's language; nothing is read before its pages are. */
export const exportTable = async (parts: ExportParts, what: Exported, request: ExportRequest): Promise<Table> => {
  const leaving = await EXPORTS[what](parts, request);
  if (leaving.kind !== "table") return leaving;
  const header = leaving.columns.map((column) => request.say(phrase(`column.${what}.${column}` as PhraseKey)));
  const name = request.say(phrase(`export.sheet.${what}`));
  return { kind: "table", total: leaving.total, sheet: { name, header, pages: leaving.pages } };
};
