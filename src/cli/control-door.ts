import { randomBytes, timingSafeEqual } from "node:crypto";
import { chmodSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Phrase } from "../dialogue/phrase.ts";
import type { Locale } from "../domain/language.ts";
import type { Log } from "../ports/log.ts";
import { type ControlRequest, controlRequest, documentReader } from "./control-messages.ts";
import { socketPath, tokenPath } from "./control-paths.ts";
import { controlStation, sayTo } from "./control-station.ts";
import { type StopRequest, stopRequest } from "./stop-request.ts";
import type { Station } from "./terminal.ts";

export interface DoorParts {
  readonly version: string;
  readonly log: Log;
  say(words: Phrase, locale: Locale): string;
  /** Carries a command out and returns its exit code; what goes wrong is said and does not throw. */
  carry(request: ControlRequest, station: Station, stop: StopRequest): Promise<number>;
}

/** Whoever comes in has this long to say what they want. */
const REQUEST_MS = 5_000;
/** Commands under way when the service stops are waited for so long. */
const STOP_MS = 10_000;
/** More at once is no work of a person's. */
const MOST = 64;

const same = (given: string, token: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
};

/** Makes files that nobody else can open, from their first moment on. */
const privately = <Made>(make: () => Made): Made => {
  const before = process.umask(0o177);
  try {
    return make();
  } finally {
    process.umask(before);
  }
};

/** DATA_DIR holds keys and this door: whoever made it beforehand may not have thought of that. */
const closeDirectory = (dataDir: string, log: Log): void => {
  if ((statSync(dataDir).mode & 0o077) === 0) return;
  try {
    chmodSync(dataDir, 0o700);
  } catch (err) {
    log.warn("directory-not-private", { directory: dataDir, err });
  }
};

/** Hears what one visitor says: a request that is in order is carried out, and then only a wish to stop is heard. */
const receive = (
  socket: Socket,
  token: string,
  requestMs: number,
  begin: (request: ControlRequest) => StopRequest,
): void => {
  const read = documentReader();
  const late = setTimeout(() => socket.destroy(), requestMs);
  let stop: StopRequest | null = null;
  const take = (document: unknown): void => {
    if (stop) {
      stop.ask();
      return;
    }
    const request = controlRequest.parse(document);
    if (!same(request.token, token)) throw new Error("a wrong token");
    clearTimeout(late);
    stop = begin(request);
  };
  socket.setEncoding("utf8").on("data", (piece: string) => {
    try {
      for (const document of read(piece)) take(document);
    } catch {
      socket.destroy();
    }
  });
  socket.on("close", () => {
    clearTimeout(late);
    stop?.ask();
  });
};

const listen = (path: string, receiver: (socket: Socket) => void): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer(receiver);
    server.maxConnections = MOST;
    server.once("error", reject).once("listening", () => resolve(server));
    privately(() => server.listen(path));
  });

/**
 * Opens the private door of the embedded form: a socket in DATA_DIR that only this user can reach, and a token that only
 * this user can read. Resolves to what closes it: nobody comes in any more, and who is in is asked to stop.
 */
export const openControlDoor = async (
  dataDir: string,
  parts: DoorParts,
  requestMs = REQUEST_MS,
): Promise<() => Promise<void>> => {
  const { log, say, version } = parts;
  const token = randomBytes(32).toString("base64url");
  closeDirectory(dataDir, log);
  // Whoever holds the directory's lock is alone here: what lies about is left over from a crash, or laid for us.
  for (const left of [socketPath(dataDir), tokenPath(dataDir)]) rmSync(left, { force: true });
  privately(() => writeFileSync(tokenPath(dataDir), token, { mode: 0o600, flag: "wx" }));
  const open = new Set<Socket>();
  const work = new Map<StopRequest, Promise<void>>();
  const begin = (socket: Socket, request: ControlRequest): StopRequest => {
    const stop = stopRequest();
    const station = controlStation(socket, stop, (words) => say(words, request.locale), request.width);
    const done = parts.carry(request, station, stop).then((exit) => {
      sayTo(socket, { exit });
      socket.end();
      work.delete(stop);
    });
    work.set(stop, done);
    return stop;
  };
  const server = await listen(socketPath(dataDir), (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket)).on("error", () => socket.destroy());
    sayTo(socket, { hello: version });
    receive(socket, token, requestMs, (request) => begin(socket, request));
  });
  return async () => {
    rmSync(tokenPath(dataDir), { force: true });
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const stop of work.keys()) stop.ask();
    await Promise.race([Promise.all(work.values()), sleep(STOP_MS, undefined, { ref: false })]);
    for (const socket of open) socket.destroy();
    await closed;
  };
};
