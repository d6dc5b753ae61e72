import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";
import { LongestFirst } from "./test/setup/longest-first.ts";
import { notRun } from "./test/setup/not-run.ts";
import { findPrograms } from "./test/setup/programs.ts";
import { tallyReporter } from "./test/setup/tally-reporter.ts";

// No test may lean on the zone of the machine it runs on.
process.env.TZ = "America/New_York";

const programs = findPrograms();
const left = notRun(programs);
if (process.env.CI && (left.length > 0 || !programs.chromium)) {
  throw new Error(`With CI=true every test runs, and this is missing: ${JSON.stringify(programs)}`);
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...left.map(({ file }) => file)],
    globalSetup: ["test/setup/global.ts"],
    provide: { programs },
    reporters: ["default", tallyReporter(left)],
    pool: "forks",
    isolate: false,
    // An embedded database takes some 400 MB: more than four at once help nobody. One more than there are cores, because
    // much of the time is waiting for other processes.
    maxWorkers: Math.min(4, availableParallelism() + 1),
    sequence: { sequencer: LongestFirst },
    // Whole processes that are killed in the middle meet a machine as busy as it is: what fails twice is broken.
    retry: process.env.CI ? 1 : 0,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
  },
});
