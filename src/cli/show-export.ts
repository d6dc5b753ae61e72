import type { Phrase } from "../dialogue/phrase.ts";
import { phrase } from "../dialogue/phrase.ts";
import { normaliseNumber } from "../domain/notice.ts";
import type { Cell } from "../ports/sheet.ts";
import { exportTable } from "../services/export-table.ts";
import type { ExportInvocation } from "./invocation.ts";
import type { Station } from "./terminal.ts";
import type { Toolbox } from "./toolbox.ts";

/** Rows that are held at once. */
const PAGE = 2_000;

const refusal = (kind: "unknown-unit" | "unknown-notice", asked: ExportInvocation, number: string | null): Phrase =>
  kind === "unknown-unit"
    ? phrase("cli.unknown-unit", { code: asked.under ?? "" })
    : phrase("coverage.unknown", { number: number ?? "" });

/** Counts the rows that pass, and tells how far they are. */
const counting = (station: Station, total: number) => {
  let rows = 0;
  const tell = () => station.progress({ phase: phrase("export.phase"), done: Math.min(rows, total), total });
  return {
    rows: () => rows,
    async *pages(pages: AsyncIterable<readonly (readonly Cell[])[]>) {
      tell();
      for await (const page of pages) {
        yield page;
        rows += page.length;
        tell();
      }
    },
  };
};

/** What the ledger's table does not hold: entries that no head covers yet, and the key to check the heads with. */
const aboutLedger = async ({ exporting }: Toolbox, { out }: ExportInvocation, station: Station): Promise<void> => {
  const unsealed = await exporting.ledgerStore.waiting();
  if (unsealed > 0) station.err(station.say(phrase("export.unsealed", { count: unsealed })));
  if (out !== null) station.out(station.say(phrase("export.public-key", { key: exporting.ledger.publicKey })));
};

/** `chuanda export`: a table of people, units, coverage or the ledger, as CSV or XLSX. */
export const showExport = async (tools: Toolbox, asked: ExportInvocation, station: Station): Promise<number> => {
  const number = asked.number === null ? null : (normaliseNumber(asked.number) ?? asked.number);
  const request = { number, under: asked.under, pageSize: PAGE, say: station.say };
  const table = await exportTable(tools.exporting, asked.what, request);
  if (table.kind !== "table") {
    station.err(station.say(refusal(table.kind, asked, number)));
    return 1;
  }
  const counted = counting(station, table.total);
  const sheet = { ...table.sheet, pages: counted.pages(table.sheet.pages) };
  for await (const bytes of tools.writeSheet(asked.format, sheet)) await station.write(bytes);
  station.progress(null);
  if (asked.out !== null) station.out(station.say(phrase("export.done", { file: asked.out, rows: counted.rows() })));
  if (asked.what === "ledger") await aboutLedger(tools, asked, station);
  return 0;
};
