import { Option } from "commander";
import type { Shelf } from "../shelf.ts";

export const addHeld = ({ command, words, invoke }: Shelf): void => {
  command("held", "cli.held", "held", "held --release", "held 某安委办〔2026〕17号 --drop")
    .argument("[number]", words("cli.held.number"))
    .addOption(new Option("--release", words("cli.held.release")).conflicts("drop"))
    .option("--drop", words("cli.held.drop"))
    .option("--json", words("cli.json"))
    .action((number: string | undefined, { release = false, drop = false, json = false }) => {
      const deed = drop ? "drop" : "show";
      invoke({ command: "held", number: number ?? null, deed: release ? "release" : deed, json });
    });
};
