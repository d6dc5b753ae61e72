import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Servers refuse to run as root; "nobody" has this number on Linux and macOS alike is -2, where nobody tests as root. */
const NOBODY = 65534;
const unprivileged = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/** A server of its own for one test or one run, which ends with the process that started it, however that ends. */
export interface Server {
  readonly url: string;
  readonly folder: string;
  /** Its process, or null while it is down. */
  pid(): number | null;
  /** Signals the server itself and waits until it is gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port and data; stops it first where it still runs. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface ServerProgram {
  readonly name: string;
  /** Where its folder is made, when not among the temporary ones. */
  readonly under?: string;
  /** Prepares the data folder once. */
  readonly prepare: (folder: string, as: { uid?: number; gid?: number }) => void;
  readonly command: (folder: string, port: number) => readonly string[];
  readonly stopSignal: NodeJS.Signals;
  readonly url: (port: number) => string;
  /** Throws while it does not answer yet. */
  readonly probe: (url: string) => Promise<void>;
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
};

/** The shell lives as long as our end of its standard input, and takes the server with it. */
const GUARD = '"$@" & echo $!; read -r _; kill -9 $! 2>/dev/null; wait';

interface Running {
  readonly shell: ChildProcess;
  readonly pid: number;
}

const launch = async (command: readonly string[], folder: string): Promise<Running> => {
  const log = openSync(join(folder, "log"), "a");
  const shell = spawn("sh", ["-c", GUARD, "guard", ...command], {
    ...unprivileged,
    cwd: folder,
    stdio: ["pipe", "pipe", log],
  });
  const [line] = await once(shell.stdout ?? shell, "data");
  return { shell, pid: Number(String(line).split("\n")[0]) };
};

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // A killed child of a shell that has not fetched its end yet is no longer alive.
    return process.platform !== "linux" || !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
};

const gone = async (pid: number): Promise<void> => {
  for (let tries = 0; alive(pid); tries++) {
    if (tries > 1500) throw new Error(`process ${pid} does not end`);
    await sleep(10);
  }
};

export const startServer = async (program: ServerProgram): Promise<Server> => {
  const folder = mkdtempSync(join(program.under ?? tmpdir(), `chuanda-${program.name}-`));
  if (unprivileged.uid !== undefined) chownSync(folder, NOBODY, NOBODY);
  chmodSync(folder, 0o700);
  program.prepare(folder, unprivileged);
  const port = await freePort();
  const url = program.url(port);
  let running: Running | null = null;

  const answering = async (pid: number): Promise<void> => {
    for (let tries = 0; ; tries++) {
      try {
        return await program.probe(url);
      } catch (error) {
        if (tries > 400 || !alive(pid)) {
          throw new Error(`${program.name} does not start: ${readFileSync(join(folder, "log"), "utf8").slice(-2000)}`, {
            cause: error,
          });
        }
        await sleep(25);
      }
    }
  };
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    if (!running) return;
    const { pid, shell } = running;
    running = null;
    if (alive(pid)) process.kill(pid, signal);
    await gone(pid);
    shell.stdin?.end();
  };
  const restart = async (): Promise<void> => {
    await kill(program.stopSignal);
    running = await launch(program.command(folder, port), folder);
    await answering(running.pid);
  };
  await restart();
  return {
    url,
    folder,
    pid: () => running?.pid ?? null,
    kill,
    restart,
    stop: async () => {
      await kill(program.stopSignal);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
