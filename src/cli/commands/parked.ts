import { Option } from "commander";
import type { Shelf } from "../shelf.ts";

export const addParked = ({ command, words, invoke }: Shelf): void => {
  command("parked", "cli.parked", "parked", "parked --retry", "parked --drop")
    .addOption(new Option("--retry", words("cli.parked.retry")).conflicts("drop"))
    .option("--drop", words("cli.parked.drop"))
    .option("--json", words("cli.json"))
    .action(({ retry = false, drop = false, json = false }) => {
      const deed = drop ? "drop" : "show";
      invoke({ command: "parked", deed: retry ? "retry" : deed, json });
    });
};
