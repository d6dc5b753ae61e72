import { resolve } from "node:path";
import { Option } from "commander";
import { SEAT_NAMES, type Shelf } from "../shelf.ts";

export const addTalk = ({ command, words, read, ask }: Shelf): void => {
  command("talk", "cli.talk", "talk", "talk --as newcomer --locale en", "talk --record talk.test.ts")
    .addOption(new Option("--as <who>", words("cli.talk.as")).argParser(read.seat))
    .option("--record <file>", words("cli.talk.record"))
    .option("--locale <locale>", words("cli.demo.locale"), read.locale)
    .addHelpText("after", `\n${SEAT_NAMES.join(", ")}`)
    .action(({ as = null, record = null, locale = null }) =>
      ask({ kind: "talk", as, record: record === null ? null : resolve(record), locale }),
    );
};
