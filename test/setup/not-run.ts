import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Programs } from "./programs.ts";

/** What a test file calls, and the program without which it cannot run. */
const NEEDS = [
  {
    calls: /\b(freshPostgres|startPostgres|openWorld)\(/,
    program: "postgres",
    given: "TEST_DATABASE_URL",
    name: "PostgreSQL",
  },
  { calls: /\b(redisUrl|startRedis|openWorld)\(/, program: "redis", given: "TEST_REDIS_URL", name: "Redis" },
] as const;

export interface NotRun {
  readonly file: string;
  readonly without: string;
}

/** The test files that cannot run on this machine, each with what is missing. */
export const notRun = (programs: Programs, folder = "test"): readonly NotRun[] =>
  NEEDS.filter(({ program, given }) => programs[program] === null && process.env[given] === undefined).flatMap(
    ({ calls, name }) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".test.ts") && calls.test(readFileSync(join(folder, file), "utf8")))
        .map((file) => ({ file: `${folder}/${file}`, without: name })),
  );
