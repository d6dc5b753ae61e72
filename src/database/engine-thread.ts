import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import type { EngineReply, EngineRequest } from "./engine.ts";

/** PGlite does not heed the options of a connection's start, so the one session is dressed here. */
const SESSION = "SET search_path = public, bullmq";

const port = parentPort;
if (!port) throw new Error("The embedded database runs in a thread of its own.");
const say = (reply: EngineReply, transfer: ArrayBuffer[] = []) => port.postMessage(reply, transfer);

const db = await PGlite.create({ dataDir: (workerData as { dataDir: string }).dataDir });
await db.exec(SESSION);

const carryOut = async (request: EngineRequest): Promise<void> => {
  if (request.kind === "wire") {
    const onRawData = (data: Uint8Array) => {
      const bytes = data.slice();
      say({ kind: "data", id: request.id, bytes }, [bytes.buffer]);
    };
    await db.runExclusive(() => db.execProtocolRawStream(request.bytes, { onRawData }));
  } else if (request.kind === "reset") {
    await db.exec("ROLLBACK");
    await db.exec("DISCARD ALL");
    await db.exec(SESSION);
  } else {
    await db.close();
  }
};

let last = Promise.resolve();
port.on("message", (request: EngineRequest) => {
  last = last.then(async () => {
    await carryOut(request);
    say({ kind: "done", id: request.id });
  });
  // SQL errors are answers; what is thrown here is the engine's own end, and the thread ends with it.
  last.catch((error: unknown) => {
    throw error;
  });
});
say({ kind: "ready" });
