import { extname, resolve } from "node:path";
import type { SheetFormat } from "../../ports/sheet.ts";
import type { Exported } from "../../services/export-table.ts";
import type { Shelf } from "../shelf.ts";

const EXAMPLES = [
  "export people --out people.csv",
  "export units --format xlsx --out units.xlsx",
  "export coverage 某安委办〔2026〕17号 --under 513401 --out coverage.xlsx",
  "export ledger --locale en",
];

interface Options {
  readonly format?: SheetFormat;
  readonly out?: string;
  readonly under?: string;
  readonly force?: boolean;
}

/** What the file's name says, unless it was said outright. */
const formatOf = ({ format, out = "" }: Options): SheetFormat =>
  format ?? (extname(out).toLowerCase() === ".xlsx" ? "xlsx" : "csv");

export const addExport = ({ command, words, read, invoke, wrong }: Shelf): void => {
  command("export", "cli.export", ...EXAMPLES)
    .argument("<what>", words("cli.export.what"), read.exported)
    .argument("[number]", words("cli.export.number"))
    .option("--format <format>", words("cli.export.format"), read.format)
    .option("--out <file>", words("cli.export.out"))
    .option("--force", words("cli.export.force"))
    .option("--under <code>", words("cli.export.under"))
    .option("--locale <locale>", words("cli.export.locale"), read.locale)
    .addHelpText("after", `\n${words("cli.export.note")}`)
    .action((what: Exported, number: string | undefined, options) => {
      const { out, under = null, force = false, locale = null } = options;
      const format = formatOf(options);
      if (number !== undefined && what !== "coverage") wrong("cli.export.no-number");
      if (under !== null && what === "ledger") wrong("cli.export.no-under");
      if (format === "xlsx" && out === undefined && process.stdout.isTTY) wrong("cli.export.no-screen");
      const path = out === undefined ? null : resolve(out);
      invoke({ command: "export", what, number: number ?? null, under, format, out: path, force, locale });
    });
};
