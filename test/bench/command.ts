import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export interface Command {
  readonly out: string;
  /** From its start to its end. */
  readonly seconds: number;
  /** The most memory that its process had. */
  readonly peakMb: number;
}

/** Runs the real command line in a process of its own. Rejects when it fails. */
export const command = async (
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Command> => {
  const from = performance.now();
  const program = ["--import", "tsx", "--import", fileOf("./tell-peak.ts"), fileOf("../../src/main.ts")];
  const child = spawn(process.execPath, [...program, ...args], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const [, out, err, peak] = child.stdio;
  const [[code], told, wrong, kilobytes] = await Promise.all([
    once(child, "close"),
    ...[out, err, peak].map((stream) => text(stream as NodeJS.ReadableStream)),
  ]);
  if (code !== 0) throw new Error(`chuanda ${args.join(" ")} ended with ${code}: ${wrong}`);
  return {
    out: told ?? "",
    seconds: (performance.now() - from) / 1000,
    peakMb: Math.round(Number(kilobytes) / 1024),
  };
};
