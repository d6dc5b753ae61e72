import type { Shelf } from "../shelf.ts";

export const addDoctor = ({ command, words, invoke }: Shelf): void => {
  command("doctor", "cli.doctor", "doctor", "doctor --json")
    .option("--json", words("cli.json"))
    .action(({ json = false }) => invoke({ command: "doctor", json }));
};
