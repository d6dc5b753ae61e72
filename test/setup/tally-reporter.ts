import type { Reporter, TestModule } from "vitest/node";
import type { NotRun } from "./not-run.ts";

const count = (modules: readonly TestModule[]) => {
  const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
  for (const module of modules) {
    for (const test of module.children.allTests()) counts[test.result().state]++;
    // A file that could not even be read, or whose set-up failed, holds no failed test of its own.
    if (module.errors().length > 0) counts.failed++;
    for (const suite of module.children.allSuites()) if (suite.errors().length > 0) counts.failed++;
  }
  return counts;
};

/** Ends the output with `N passed, N failed` (and `, N skipped`) on a line of its own, and names what could not run here. */
export const tallyReporter = (left: readonly NotRun[]): Reporter => ({
  onTestRunEnd: (modules, errors) => {
    const { passed, failed, skipped, pending } = count(modules);
    const idle = skipped + pending;
    for (const { file, without } of left) console.log(`NOT RUN, because there is no ${without} here: ${file}`);
    console.log(`${passed} passed, ${failed + errors.length} failed${idle > 0 ? `, ${idle} skipped` : ""}`);
  },
});
