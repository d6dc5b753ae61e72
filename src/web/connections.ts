import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Closes a server: what answers nothing at once, the others as soon as they have answered, at the latest after `bound` ms. */
export type CloseServer = (bound: number) => Promise<void>;

/**
 * Knows which connections of a server are answering. Node's own `closeIdleConnections` leaves those that never asked
 * anything, which browsers open in advance.
 */
export const connectionsOf = (server: Server): CloseServer => {
  const answering = new Map<Socket, number>();
  let closing = false;
  const count = (socket: Socket, by: number): void => {
    const now = (answering.get(socket) ?? 0) + by;
    answering.set(socket, now);
    if (closing && now === 0) socket.destroySoon();
  };
  server.on("connection", (socket: Socket) => {
    answering.set(socket, 0);
    socket.on("close", () => answering.delete(socket));
  });
  server.on("request", ({ socket }: IncomingMessage, answer: ServerResponse) => {
    count(socket, 1);
    answer.on("close", () => count(socket, -1));
  });
  return async (bound) => {
    closing = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const cut = setTimeout(() => server.closeAllConnections(), bound);
    for (const [socket, requests] of answering) if (requests === 0) socket.destroySoon();
    await closed;
    clearTimeout(cut);
  };
};
