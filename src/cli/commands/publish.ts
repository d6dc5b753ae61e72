import { resolve } from "node:path";
import type { Shelf } from "../shelf.ts";

export const addPublish = ({ command, words, read, wrong, invoke }: Shelf): void => {
  command(
    "publish",
    "cli.publish",
    "publish notice.md --dry-run",
    "publish notice.md --dry-run --timeline",
    "publish notice.md",
    "publish notice.md --at 2026-09-18T09:00+08:00",
  )
    .argument("<file>", words("cli.publish.file"))
    .option("--dry-run", words("cli.dry-run"))
    .option("--timeline", words("cli.publish.timeline"))
    .option("--at <time>", words("cli.publish.at"), read.moment)
    .option("--json", words("cli.json"))
    .action((file: string, { dryRun = false, timeline = false, at = null, json = false }) => {
      if (timeline && !dryRun) wrong("cli.publish.timeline-dry");
      invoke({ command: "publish", file: resolve(file), dryRun, ...(timeline && { timeline }), at, json });
    });
};
