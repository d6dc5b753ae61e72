import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { compiled } from "../setup/ask.ts";

const HOME = fileURLToPath(new URL("../..", import.meta.url));
/** Node's words before the program's own: the program compiled, as it is shipped. */
const main = await compiled("src/main.ts");
/** Or as `npm run -s chuanda` starts it in a clone. */
export const FROM_SOURCE = ["--import", "tsx", fileURLToPath(new URL("../../src/main.ts", import.meta.url))];

export type Environment = Readonly<Record<string, string>>;

/** What an ordinary shell would have, and nothing of what the tests' own environment may say to the program. */
const basics = (): Environment => {
  const kept = ["PATH", "HOME", "TZ", "TMPDIR", "LD_LIBRARY_PATH"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  // The tests run at any hour of the day.
  return { ...Object.fromEntries(kept), LANG: "en_US.UTF-8", PUSH_HOURS: "always" };
};

export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Program {
  readonly pid: number;
  out(): string;
  err(): string;
  /** Waits until what it printed matches, and returns the match; rejects when it ends before or takes too long. */
  prints(pattern: RegExp, ms?: number): Promise<RegExpExecArray>;
  signal(signal: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

const running = new Set<ChildProcess>();

/** Starts the real program in the repository's folder, as its users do. */
export const start = (
  args: readonly string[],
  environment: Environment = {},
  node: readonly string[] = [],
  program: readonly string[] = [main],
): Program => {
  const child = spawn(process.execPath, [...node, ...program, ...args], {
    cwd: HOME,
    env: { ...basics(), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    err += text;
  });
  const ended = once(child, "close").then(([code]) => {
    running.delete(child);
    return { code: code as number | null, out, err };
  });
  const prints = async (pattern: RegExp, ms = 45_000): Promise<RegExpExecArray> => {
    let over = false;
    void ended.then(() => {
      over = true;
    });
    for (const until = Date.now() + ms; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
      const found = pattern.exec(out) ?? pattern.exec(err);
      if (found) return found;
      if (over || Date.now() > until) throw new Error(`${args.join(" ")} never printed ${pattern}:\n${out}\n${err}`);
    }
  };
  return {
    pid: child.pid ?? 0,
    out: () => out,
    err: () => err,
    prints,
    signal: (signal) => void child.kill(signal),
    ended,
  };
};

/** Runs a command to its end. */
export const run = (
  args: readonly string[],
  environment: Environment = {},
  program?: readonly string[],
): Promise<Ended> => start(args, environment, [], program).ended;

/** Ends whatever a failed test has left running. */
export const endPrograms = async (): Promise<void> => {
  for (const child of [...running]) {
    const closed = once(child, "close");
    child.kill("SIGKILL");
    await closed;
  }
};

/** The lines of a text, without the last, empty one. */
export const lines = (text: string): readonly string[] => text.replace(/\n$/, "").split("\n");
