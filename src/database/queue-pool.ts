import { EventEmitter } from "node:events";
import type { Pool, PoolClient } from "pg";

/**
 * The job queue's view of the one embedded connection. Its statements take turns with everybody else's, so none of them
 * runs inside somebody's open transaction. A client that it borrows to listen on is a shadow that holds no connection:
 * a notification is always raised on the one real session, and every shadow hears it.
 */
export const queuePoolOver = (pool: Pool): Pool => {
  const shadows = new Set<EventEmitter>();
  pool.on("connect", (client) => {
    client.on("notification", (notification) => {
      for (const shadow of shadows) shadow.emit("notification", notification);
    });
    client.once("end", () => {
      const lost = new Error("The embedded database's session was begun anew.");
      for (const shadow of [...shadows]) if (shadow.listenerCount("error") > 0) shadow.emit("error", lost);
    });
  });
  const emitter = () => new EventEmitter().setMaxListeners(0);
  const query = pool.query.bind(pool);
  const connect = async (): Promise<PoolClient> => {
    const shadow = emitter();
    shadows.add(shadow);
    return Object.assign(shadow, { query, release: () => void shadows.delete(shadow) }) as unknown as PoolClient;
  };
  return Object.assign(emitter(), {
    query,
    connect,
    end: async () => {},
    options: { keepAlive: true },
  }) as unknown as Pool;
};
