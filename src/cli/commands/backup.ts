import { resolve } from "node:path";
import type { Shelf } from "../shelf.ts";

export const addBackup = ({ command, words, invoke }: Shelf): void => {
  command("backup", "cli.backup", "backup /backup/chuanda-2026-11-24.tar.gz", "backup latest.tar.gz --force --json")
    .argument("<file>", words("cli.backup.file"))
    .option("--force", words("cli.backup.force"))
    .option("--json", words("cli.json"))
    .action((file: string, { force = false, json = false }) =>
      invoke({ command: "backup", file: resolve(file), force, json }),
    );
};
