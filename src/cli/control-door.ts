import { randomBytes, timingSafeEqual } from "node:crypto";
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import type { Locale } from "../domain/language.ts";
import type { Log } from "../ports/log.ts";
import { documents } from "./control-lines.ts";
import { socketPath, tokenPath } from "./control-paths.ts";
import type { Invocation } from "./invocation.ts";
import type { Terminal } from "./terminal.ts";

/** What another process of this machine's user asks the running service to do for it. */
export interface ControlRequest {
  readonly token: string;
  readonly invocation: Invocation;
  readonly locale: Locale;
  readonly width: number;
}

/** What comes back, a JSON document a line. */
export type ControlAnswer =
  | { readonly out: string }
  | { readonly err: string }
  | { readonly progress: Parameters<Terminal["progress"]>[0] }
  | { readonly exit: number };

type Carry = (request: ControlRequest, answer: (line: ControlAnswer) => void) => Promise<number>;

const same = (given: string, token: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
};

const serve = async (socket: Socket, token: string, carry: Carry): Promise<void> => {
  const answer = (line: ControlAnswer): void => void (socket.writable && socket.write(`${JSON.stringify(line)}\n`));
  for await (const document of documents(socket)) {
    const request = document as ControlRequest;
    if (!same(String(request.token), token)) break;
    answer({ exit: await carry(request, answer) });
    break;
  }
  socket.end();
};

/**
 * Opens the private door of the embedded form: a socket in DATA_DIR that only this user can reach, and a token that only
 * this user can read. Resolves to what closes it.
 */
export const openControlDoor = async (dataDir: string, carry: Carry, log: Log): Promise<() => Promise<void>> => {
  const token = randomBytes(32).toString("base64url");
  const path = socketPath(dataDir);
  // Whoever holds the directory's lock is alone here: a socket that lies about is left over from a crash.
  rmSync(path, { force: true });
  writeFileSync(tokenPath(dataDir), token, { mode: 0o600 });
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket)).on("error", () => socket.destroy());
    serve(socket, token, carry).catch((err) => {
      log.warn("control-broken-off", { err });
      socket.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(path, resolve));
  chmodSync(path, 0o600);
  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of open) socket.destroy();
    await closed;
    rmSync(tokenPath(dataDir), { force: true });
  };
};
