import { resolve } from "node:path";
import type { Shelf } from "../shelf.ts";

export const addVerify = ({ command, words, invoke }: Shelf): void => {
  command("verify", "cli.verify", "verify", "verify --save-head head.txt", "verify head.txt")
    .argument("[file]", words("cli.verify.file"))
    .option("--save-head <file>", words("cli.verify.save-head"))
    .option("--json", words("cli.json"))
    .action((file: string | undefined, { saveHead, json = false }) =>
      invoke({
        command: "verify",
        file: file === undefined ? null : resolve(file),
        saveHead: saveHead === undefined ? null : resolve(saveHead),
        json,
      }),
    );
};
