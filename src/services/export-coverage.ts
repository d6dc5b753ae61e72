import { TZDate } from "@date-fns/tz";
import { format } from "date-fns/format";
import type { PhraseKey } from "../dialogue/phrase.ts";
import { phrase } from "../dialogue/phrase.ts";
import { WITH_RECEIPTS } from "../domain/platform.ts";
import type { Cell } from "../ports/sheet.ts";
import type { Extent, UnitCoverage } from "../ports/store/export-store.ts";
import { type ExportParts, type ExportRequest, type ExportResult, stretches } from "./export-parts.ts";

const COLUMNS = [
  ...["number", "unit", "name", "parent", "state", "answered_by", "how", "answered_at", "due_at", "delivery"],
  ...["platform", "reason", "owed", "fulfilled", "late", "by_proxy", "overdue", "excused"],
  ...["recipients", "queued", "sent", "delivered", "in_doubt", "failed", "unreachable"],
];

/** As `coverage` counts units; nothing where nothing was asked. */
const stateOf = ({ owed, fulfilled, isOverdue, excused }: UnitCoverage): string | null => {
  if (owed === 0) return excused > 0 ? "excluded" : null;
  if (owed === fulfilled) return "fulfilled";
  return isOverdue ? "overdue" : "open";
};

/** What became of the messages to its people, each once. */
const deliveriesOf = ({ queued, sent, inDoubt, failed, unreachable }: UnitCoverage): readonly string[] =>
  Object.entries({ queued, sent, "in-doubt": inDoubt, unreachable, refused: failed - unreachable })
    .filter(([, count]) => count > 0)
    .map(([state]) => state);

/** Why a unit is left out; what a later release may add is told as it is. */
const REASONS: Readonly<Record<string, PhraseKey>> = { "unit-closed": "export.reason.unit-closed" };

const reader = (number: string, { say }: ExportRequest, zone: string) => {
  const moment = (at: Date | null): Cell => at && format(new TZDate(at, zone), "yyyy-MM-dd'T'HH:mm:ssXXX");
  const list = (parts: readonly string[]): Cell => (parts.length > 0 ? [...new Set(parts)].join(";") : null);
  const reasonOf = (excuse: string): string => (REASONS[excuse] ? say(phrase(REASONS[excuse])) : excuse);
  return (unit: UnitCoverage): readonly Cell[] => {
    const state = stateOf(unit);
    const { answers, platforms, excuses, recipients, queued, sent, inDoubt, failed, unreachable } = unit;
    return [
      ...[number, unit.code, unit.name, unit.parent, state && say(phrase(`export.state.${state}` as PhraseKey))],
      list(answers.map(({ name }) => name ?? say(phrase("export.erased")))),
      list(answers.map(({ how }) => say(phrase(`export.how.${how}` as PhraseKey)))),
      ...[moment(unit.fulfilledAt), moment(unit.dueAt)],
      list(deliveriesOf(unit).map((each) => say(phrase(`export.delivery.${each}` as PhraseKey)))),
      ...[list(platforms), list(excuses.map(reasonOf))],
      ...[unit.owed, unit.fulfilled, unit.late, unit.byProxy, unit.overdue, unit.excused],
      ...[recipients, queued, sent, platforms.some((each) => WITH_RECEIPTS.has(each)) ? unit.delivered : null],
      ...[inDoubt, failed, unreachable],
    ];
  };
};

interface Part {
  readonly number: string;
  readonly extent: Extent;
}

async function* pagesOf({ exports, clock, zone }: ExportParts, request: ExportRequest, parts: readonly Part[]) {
  for (const { number, extent } of parts) {
    const row = reader(number, request, zone);
    const read = (stretch: Parameters<typeof exports.holders>[0]) => exports.coverage(number, stretch, clock.now());
    for await (const page of stretches(extent, request, read)) yield page.map(row);
  }
}

/** Where one notice stands, or all of them: a row a unit. Its figures add up to those of `coverage`. */
export const exportCoverage = async (parts: ExportParts, request: ExportRequest): Promise<ExportResult> => {
  const all = await parts.exports.notices();
  const numbers = request.number === null ? all : all.filter((number) => number === request.number);
  if (request.number !== null && numbers.length === 0) return { kind: "unknown-notice" };
  const concerned: Part[] = [];
  for (const number of numbers) {
    const extent = await parts.exports.coverageExtent(number, request.under);
    if (!extent) return { kind: "unknown-unit" };
    concerned.push({ number, extent });
  }
  const total = concerned.reduce((sum, { extent }) => sum + extent.rows, 0);
  return { kind: "table", columns: COLUMNS, total, pages: pagesOf(parts, request, concerned) };
};
