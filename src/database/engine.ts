import { Worker } from "node:worker_threads";
import { engineThread } from "./programs.ts";

export type EngineRequest =
  | { readonly kind: "wire"; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: "reset" | "close"; readonly id: number };

export type EngineReply =
  | { readonly kind: "ready" }
  | { readonly kind: "data"; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: "done"; readonly id: number };

/** The embedded database's thread, seen from the service. Everything asked of a dead engine rejects with why it died. */
export interface Engine {
  /** Hands over whole messages of the PostgreSQL protocol; answers arrive in pieces until it resolves. */
  send(bytes: Uint8Array, onData: (bytes: Uint8Array) => void): Promise<void>;
  /** What a server does when a client goes away: rolls back and forgets the session. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

interface Waiting {
  readonly onData: (bytes: Uint8Array) => void;
  readonly resolve: () => void;
  readonly reject: (why: Error) => void;
}

/** Starts the thread on an existing cluster. `onDeath` is told once, if the thread ends without having been closed. */
export const startEngine = async (dataDir: string, onDeath: (why: string) => void): Promise<Engine> => {
  const thread = new Worker(engineThread, { workerData: { dataDir }, execArgv: [] });
  const waiting = new Map<number, Waiting>();
  let count = 0;
  let dead: Error | null = null;
  let closing = false;

  const ask = (make: (id: number) => EngineRequest, onData: Waiting["onData"] = () => {}): Promise<void> =>
    new Promise((resolve, reject) => {
      if (dead) return reject(dead);
      const request = make(++count);
      waiting.set(request.id, { onData, resolve, reject });
      thread.postMessage(request, "bytes" in request ? [request.bytes.buffer as ArrayBuffer] : []);
    });

  await new Promise<void>((ready, failed) => {
    let started = false;
    const die = (why: string) => {
      if (dead) return;
      dead = new Error(why);
      for (const { reject } of waiting.values()) reject(dead);
      waiting.clear();
      if (started && !closing) onDeath(why);
      failed(dead);
    };
    thread.on("error", (error) => die(`The embedded database has failed: ${error.message}`));
    thread.on("exit", (code) => die(`The embedded database has ended (${code}).`));
    thread.on("message", (reply: EngineReply) => {
      if (reply.kind === "ready") {
        started = true;
        return ready();
      }
      const asked = waiting.get(reply.id);
      if (reply.kind === "data") return asked?.onData(reply.bytes);
      waiting.delete(reply.id);
      asked?.resolve();
    });
  });

  return {
    send: (bytes, onData) => ask((id) => ({ kind: "wire", id, bytes }), onData),
    reset: async () => {
      if (!dead && !closing) await ask((id) => ({ kind: "reset", id }));
    },
    close: async () => {
      closing = true;
      if (!dead) await ask((id) => ({ kind: "close", id })).finally(() => thread.terminate());
    },
  };
};
