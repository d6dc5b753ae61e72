import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compiled } from "../setup/ask.ts";
import type { WorkerOrders } from "./worker.ts";

const PROGRAM = await compiled("test/survive/worker.ts");

export interface WorkerProcess {
  readonly name: string;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Asks it to stop, and waits until it has; returns its exit code. */
  stop(): Promise<number | null>;
  /** Moves its service time. */
  travel(ms: number): void;
  /** What it has logged so far. */
  log(): string;
}

const running = new Set<ChildProcess>();

/** Starts a real worker process, and waits until it is at work. */
export const startWorkerProcess = async (orders: WorkerOrders): Promise<WorkerProcess> => {
  const folder = mkdtempSync(join(tmpdir(), "chuanda-worker-"));
  const file = join(folder, "log");
  const child = fork(PROGRAM, [JSON.stringify(orders)], {
    execArgv: [],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  running.add(child);
  const log = createWriteStream(file);
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  const ended = once(child, "exit").then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  const early = ended.then((code) => {
    throw new Error(`worker ${orders.name} ended with ${code}: ${readFileSync(file, "utf8")}`);
  });
  early.catch(() => {});
  await Promise.race([once(child, "message"), early]);
  const finish = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    const code = await ended;
    await new Promise<void>((resolve) => log.end(resolve));
    return code;
  };
  return {
    name: orders.name,
    kill: async () => void (await finish("SIGKILL")),
    stop: () => finish("SIGTERM"),
    travel: (ms) => void child.send(ms),
    log: () => readFileSync(file, "utf8"),
  };
};

/** Ends whatever a failed test has left running. */
export const endWorkers = async (): Promise<void> => {
  for (const child of [...running]) {
    child.kill("SIGKILL");
    await once(child, "exit").catch(() => {});
  }
};
