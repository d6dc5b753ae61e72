import type { Shelf } from "../shelf.ts";

export const addAway = ({ command, words, read, wrong, invoke }: Shelf): void => {
  const times = "--from 2026-10-08T08:00+08:00 --until 2026-10-16T18:00+08:00";
  command(
    "away",
    "cli.away",
    `away --unit 513401101 --post principal ${times}`,
    `away --unit 513401101 --post official ${times} --by 513401101:liaison`,
  )
    .requiredOption("--unit <code>", words("cli.away.unit"))
    .requiredOption("--post <post>", words("cli.away.post"))
    .requiredOption("--from <time>", words("cli.away.from"), read.moment)
    .requiredOption("--until <time>", words("cli.away.until"), read.moment)
    .option("--by <code:post>", words("cli.away.by"))
    .option("--json", words("cli.json"))
    .action(({ unit, post, from, until, by = null, json = false }) => {
      if (new Date(from) >= new Date(until)) wrong("cli.away.order");
      invoke({ command: "away", unit, post, from, until, by, json });
    });
};
