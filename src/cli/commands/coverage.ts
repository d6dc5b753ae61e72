import type { Shelf } from "../shelf.ts";

export const addCoverage = ({ command, words, invoke }: Shelf): void => {
  command(
    "coverage",
    "cli.coverage",
    "coverage 某安委办〔2026〕17号",
    "coverage 某安委办〔2026〕17号 --under 513401",
    "coverage 某安委办〔2026〕17号 --json",
  )
    .argument("<number>", words("cli.coverage.number"))
    .option("--under <code>", words("cli.coverage.under"))
    .option("--json", words("cli.json"))
    .action((number: string, { under = null, json = false }) => invoke({ command: "coverage", number, under, json }));
};
