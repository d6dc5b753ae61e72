import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, type Stats, statSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { phrase } from "../dialogue/phrase.ts";
import type { Locale } from "../domain/language.ts";
import { type ControlAnswer, documents, line } from "./control-messages.ts";
import { socketPath, tokenPath } from "./control-paths.ts";
import type { Invocation } from "./invocation.ts";
import type { StopRequest } from "./stop-request.ts";
import type { Station } from "./terminal.ts";

export interface Knock {
  readonly dataDir: string;
  readonly version: string;
  readonly invocation: Invocation;
  readonly locale: Locale;
  readonly stop: StopRequest;
}

/** A service that is there greets at once. */
const GREETING_MS = 5_000;

/** Only what belongs to the owner of DATA_DIR, that is to us or to a user whom the administrator acts for, is trusted. */
const isOurs = (dataDir: string, { uid, mode }: Stats): boolean =>
  uid === statSync(dataDir).uid && (uid === process.getuid?.() || process.getuid?.() === 0) && (mode & 0o077) === 0;

/** Null where there is none: a service is just starting or stopping. Links are not followed. */
const readToken = (dataDir: string): string | "unsafe" | null => {
  let file: number;
  try {
    if (!lstatSync(tokenPath(dataDir)).isFile()) return "unsafe";
    file = openSync(tokenPath(dataDir), constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch {
    return null;
  }
  try {
    return isOurs(dataDir, fstatSync(file)) ? readFileSync(file, "utf8") : "unsafe";
  } finally {
    closeSync(file);
  }
};

const isDoor = (dataDir: string): boolean | null => {
  try {
    const found = lstatSync(socketPath(dataDir));
    return found.isSocket() && isOurs(dataDir, found);
  } catch {
    return null;
  }
};

const show = async (answer: ControlAnswer, station: Station, stop: StopRequest): Promise<void> => {
  if ("out" in answer) station.out(answer.out);
  if ("err" in answer) station.err(answer.err);
  if ("bytes" in answer) await station.write(Buffer.from(answer.bytes, "base64"));
  // After Ctrl-C it is the service that says when it has stopped.
  if ("progress" in answer && !stop.isAsked()) station.progress(answer.progress);
};

/** Asks once the service has greeted, and it is one of this release; else tells why not. */
const ask = (socket: Socket, greeting: string, asked: Knock, token: string, station: Station): number | null => {
  const { dataDir, version, invocation, locale, stop } = asked;
  if (greeting !== version) {
    const words = phrase("door.version", { service: greeting, command: version, directory: dataDir });
    station.err(station.say(words));
    return 1;
  }
  socket.write(line({ token, invocation, locale, width: station.width, cwd: process.cwd() }));
  stop.onAsked(() => socket.write(line({ stop: true })));
  return null;
};

/** The other end went away in the middle of it. */
const isBrokenOff = (error: unknown, socket: Socket): boolean =>
  error === socket.errored || (error as NodeJS.ErrnoException).code === "ERR_STREAM_PREMATURE_CLOSE";

/** Where the service went away before the command was done: whether it had greeted at all. */
const converse = async (
  socket: Socket,
  asked: Knock,
  token: string,
  station: Station,
): Promise<number | "silent" | "gone"> => {
  let isGreeted = false;
  const late = setTimeout(() => isGreeted || socket.destroy(), GREETING_MS);
  try {
    for await (const document of documents(socket)) {
      const answer = document as ControlAnswer;
      if ("exit" in answer) return answer.exit;
      const refused = "hello" in answer ? ask(socket, answer.hello, asked, token, station) : null;
      if (refused !== null) return refused;
      isGreeted = true;
      await show(answer, station, asked.stop);
    }
  } catch (error) {
    if (!isBrokenOff(error, socket)) throw error;
  } finally {
    clearTimeout(late);
    socket.destroy();
  }
  return isGreeted ? "gone" : "silent";
};

/**
 * Has the running service carry a command out. "silent" when nobody answers, and nothing was asked: it is just starting or
 * stopping. Everything else has been said, and ends with its exit code.
 */
export const knock = async (asked: Knock, station: Station): Promise<number | "silent"> => {
  const token = readToken(asked.dataDir);
  const door = isDoor(asked.dataDir);
  if (token === null || door === null) return "silent";
  if (token === "unsafe" || !door) {
    station.err(station.say(phrase("door.unsafe", { directory: asked.dataDir })));
    return 1;
  }
  const socket = connect(socketPath(asked.dataDir));
  socket.on("error", () => {});
  const code = await converse(socket, asked, token, station);
  if (code !== "gone") return code;
  station.progress(null);
  station.err(station.say(phrase("door.broken-off", { directory: asked.dataDir })));
  return 1;
};
