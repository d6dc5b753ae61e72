import type { Shelf } from "../shelf.ts";

export const addLink = ({ command, words, invoke }: Shelf): void => {
  command(
    "link",
    "cli.link",
    "link --unit 513401001",
    "link --unit 513401001 --post official",
    "link --unit 513401001 --revoke",
  )
    .requiredOption("--unit <code>", words("cli.link.unit"))
    .option("--post <post>", words("cli.link.post"))
    .option("--revoke", words("cli.link.revoke"))
    .option("--json", words("cli.json"))
    .action(({ unit, post = null, revoke = false, json = false }) =>
      invoke({ command: "link", unit, post, revoke, json }),
    );
};
