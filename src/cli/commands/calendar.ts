import { resolve } from "node:path";
import type { Shelf } from "../shelf.ts";

export const addCalendar = ({ command, words, wrong, invoke }: Shelf): void => {
  command("calendar", "cli.calendar", "calendar import holidays-2027.csv")
    .argument("<import>", words("cli.calendar.deed"))
    .argument("<file>", words("cli.calendar.file"))
    .option("--json", words("cli.json"))
    .addHelpText("after", `\n${words("cli.calendar.format")}`)
    .action((deed: string, file: string, { json = false }) =>
      deed === "import"
        ? invoke({ command: "calendar", file: resolve(file), json })
        : wrong("cli.calendar.only-import"),
    );
};
