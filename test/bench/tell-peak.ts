import { writeSync } from "node:fs";

/** Loaded before the program, tells the most memory it has ever had, in kB, to whoever listens on the fourth file. */
process.on("exit", () => writeSync(3, String(process.resourceUsage().maxRSS)));
