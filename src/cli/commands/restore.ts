import { resolve } from "node:path";
import type { Shelf } from "../shelf.ts";

export const addRestore = ({ command, words, ask }: Shelf): void => {
  command("restore", "cli.restore", "restore /backup/chuanda-2026-11-24.tar.gz")
    .argument("<file>", words("cli.restore.file"))
    .option("--json", words("cli.json"))
    .action((file: string, { json = false }) => ask({ kind: "restore", file: resolve(file), json }));
};
