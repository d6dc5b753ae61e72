import type { Socket } from "node:net";
import type { Phrase } from "../dialogue/phrase.ts";
import { type ControlAnswer, line } from "./control-messages.ts";
import { steadyProgress } from "./steady-progress.ts";
import type { StopRequest } from "./stop-request.ts";
import type { Station } from "./terminal.ts";

/** A line holds so much of a file. */
const PIECE = 192 * 1024;
/** Whoever has taken nothing for so long has gone without a word. */
const PATIENCE_MS = 10 * 60_000;
/** Lines are few; whoever lets so many bytes of them pile up does not read. */
const MOST_WAITING = 16 * 1024 * 1024;

const drained = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    const late = setTimeout(() => socket.destroy(), PATIENCE_MS);
    const settle = (): void => {
      clearTimeout(late);
      socket.removeListener("drain", settle).removeListener("close", settle);
      resolve();
    };
    socket.on("drain", settle).on("close", settle);
    if (socket.destroyed) settle();
  });

export const sayTo = (socket: Socket, answer: ControlAnswer): void => {
  if (!socket.writable) return;
  socket.write(line(answer));
  if (socket.writableLength > MOST_WAITING) socket.destroy();
};

/** The terminal of another process, at the other end of the private socket. */
export const controlStation = (
  socket: Socket,
  stop: StopRequest,
  say: (words: Phrase) => string,
  width: number,
): Station => ({
  say,
  width,
  out: (text) => sayTo(socket, { out: text }),
  err: (text) => sayTo(socket, { err: text }),
  progress: steadyProgress(stop, (progress) => {
    // How far it is may be left out where nobody reads fast enough, but not that it is done.
    if (progress === null || !socket.writableNeedDrain) sayTo(socket, { progress });
  }),
  write: async (bytes) => {
    for (let at = 0; at < bytes.length; at += PIECE) {
      stop.check();
      sayTo(socket, { bytes: Buffer.from(bytes.subarray(at, at + PIECE)).toString("base64") });
      if (socket.writableNeedDrain) await drained(socket);
    }
    stop.check();
  },
});
