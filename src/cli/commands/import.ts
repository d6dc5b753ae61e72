import { resolve } from "node:path";
import type { Shelf } from "../shelf.ts";

export const addImport = ({ command, words, invoke }: Shelf): void => {
  command("import", "cli.import", "import units.csv people.csv --dry-run", "import units.csv people.csv")
    .argument("<file...>", words("cli.import.file"))
    .option("--dry-run", words("cli.dry-run"))
    .action((files: string[], { dryRun = false }) =>
      invoke({ command: "import", files: files.map((file) => resolve(file)), dryRun }),
    );
};
