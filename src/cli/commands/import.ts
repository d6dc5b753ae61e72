import { resolve } from "node:path";
import type { Shelf } from "../shelf.ts";

const gathered = (code: string, before: readonly string[] = []): readonly string[] => [...before, code];

export const addImport = ({ command, words, invoke }: Shelf): void => {
  command(
    "import",
    "cli.import",
    "import units.csv people.csv --dry-run",
    "import units.csv people.xlsx",
    "import people.csv --complete 513401",
  )
    .argument("<file...>", words("cli.import.file"))
    .option("--dry-run", words("cli.dry-run"))
    .option("--complete <code>", words("cli.import.complete"), gathered)
    .option("--json", words("cli.json"))
    .action((files: string[], { dryRun = false, complete = [], json = false }) =>
      invoke({ command: "import", files: files.map((file) => resolve(file)), dryRun, complete, json }),
    );
};
