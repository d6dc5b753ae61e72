import { resolve } from "node:path";
import type { Shelf } from "../shelf.ts";

export const addSupersede = ({ command, words, invoke }: Shelf): void => {
  command(
    "supersede",
    "cli.supersede",
    "supersede 某安委办〔2026〕17号 notice-18.md --dry-run",
    "supersede 某安委办〔2026〕17号 notice-18.md --ask-again",
  )
    .argument("<number>", words("cli.supersede.number"))
    .argument("<file>", words("cli.publish.file"))
    .option("--ask-again", words("cli.supersede.ask-again"))
    .option("--dry-run", words("cli.dry-run"))
    .option("--json", words("cli.json"))
    .action((number: string, file: string, { askAgain = false, dryRun = false, json = false }) =>
      invoke({ command: "supersede", number, file: resolve(file), askAgain, dryRun, json }),
    );
};
