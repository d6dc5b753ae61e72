import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Server } from "../../setup/server.ts";

const childrenOf = (pid: number): readonly string[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean);

/** Puts itself between a server and the kernel, for it and all that it starts. Returns what ends that. */
const inject = async (server: Server, what: string): Promise<() => Promise<void>> => {
  const pid = server.pid();
  if (pid === null) throw new Error("the server does not run");
  const all = [pid, ...childrenOf(pid)].flatMap((each) => ["-p", String(each)]);
  const calls = ["-e", "trace=fdatasync,fsync", "-e", `inject=fdatasync,fsync:${what}`];
  const tracer = spawn("strace", ["-f", "-qq", "-o", "/dev/null", ...calls, ...all], { stdio: "ignore" });
  const ended = once(tracer, "exit");
  await sleep(500);
  return async () => {
    tracer.kill("SIGINT");
    await ended;
  };
};

/** Every write to the disk takes this much longer. */
export const slowSyncs = (server: Server, ms: number) => inject(server, `delay_enter=${ms * 1000}`);

/** No write reaches the disk any more. */
export const failedSyncs = (server: Server) => inject(server, "error=EIO");
