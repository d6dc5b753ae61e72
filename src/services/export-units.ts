import type { Cell } from "../ports/sheet.ts";
import type { UnitOnRecord } from "../ports/store/export-store.ts";
import { type ExportParts, type ExportRequest, type ExportResult, stretches } from "./export-parts.ts";

const COLUMNS = [
  "code",
  "name",
  "kind",
  "parent",
  "division",
  "industry",
  "site_types",
  "grade",
  "watch",
  "status",
] as const;

const rowOf = (unit: UnitOnRecord): readonly Cell[] => [
  unit.code,
  unit.name,
  unit.kind,
  unit.parent,
  unit.division,
  unit.industries.join(";"),
  unit.siteTypes.join(";"),
  unit.grade,
  unit.watch ? "yes" : "no",
  unit.status,
];

async function* pagesOf(units: AsyncIterable<readonly UnitOnRecord[]>) {
  for await (const page of units) yield page.map(rowOf);
}

/** All units as units.csv has them. */
export const exportUnits = async ({ exports }: ExportParts, request: ExportRequest): Promise<ExportResult> => {
  const extent = await exports.unitExtent(request.under);
  if (!extent) return { kind: "unknown-unit" };
  return {
    kind: "table",
    columns: COLUMNS,
    total: extent.rows,
    pages: pagesOf(stretches(extent, request, exports.units)),
  };
};
