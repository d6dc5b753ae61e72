import type { Shelf } from "../shelf.ts";

export const addRecall = ({ command, words, read, invoke }: Shelf): void => {
  command(
    "recall",
    "cli.recall",
    "recall 某安委办〔2026〕17号 --reason 日期写错了，以新通知为准 --dry-run",
    "recall 某安委办〔2026〕17号 --reason 'The date was wrong; a new notice follows.'",
  )
    .argument("<number>", words("cli.coverage.number"))
    .requiredOption("--reason <text>", words("cli.recall.reason"), read.reason)
    .option("--dry-run", words("cli.dry-run"))
    .option("--json", words("cli.json"))
    .action((number: string, { reason, dryRun = false, json = false }) =>
      invoke({ command: "recall", number, reason, dryRun, json }),
    );
};
