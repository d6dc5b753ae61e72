import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../src/database/database.ts";
import { openDatabase } from "../../src/database/open-database.ts";
import { freshEmbedded, freshPostgres } from "../setup/database.ts";
import { testLog } from "../setup/log.ts";

const options = (url: string | null, dataDir = "unused") => ({ url, dataDir, log: testLog(), onDeath: () => {} });

const kinds = {
  postgresql: async () => {
    const { url, drop } = await freshPostgres();
    const database = await openDatabase(options(url));
    return { database, drop: () => database.close().then(drop) };
  },
  embedded: () => freshEmbedded(),
} as const;

describe.each(["postgresql", "embedded"] as const)("on %s", (kind) => {
  let database: Database;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    ({ database, drop } = await kinds[kind]());
    await database.pool.query("CREATE TABLE thing (id int PRIMARY KEY)");
  });
  afterAll(() => drop());

  it("tells its kind and answers a ping", async () => {
    expect(database.kind).toBe(kind);
    await database.ping();
  });

  it("works in UTC, whatever the server's zone", async () => {
    const { rows } = await database.pool.query("SELECT '2026-01-01'::timestamptz::text AS at");
    expect(rows).toEqual([{ at: "2026-01-01 00:00:00+00" }]);
  });

  it("finds the queue's tables by their bare names through the queue's pool", async () => {
    const { rows } = await database.queuePool.query("SELECT to_regclass('job')::oid = 'bullmq.job'::regclass AS found");
    expect(rows).toEqual([{ found: true }]);
  });

  it("answers an SQL error and goes on", async () => {
    await expect(database.pool.query("selec 1")).rejects.toThrow(/syntax error/);
    expect((await database.pool.query("SELECT 7 AS n")).rows).toEqual([{ n: 7 }]);
  });

  it("keeps statements of others out of an open transaction", async () => {
    const client = await database.pool.connect();
    await client.query("BEGIN");
    await client.query("INSERT INTO thing VALUES (1)");
    const other = database.queuePool.query("INSERT INTO public.thing VALUES (2)");
    await client.query("ROLLBACK");
    client.release();
    await other;
    expect((await database.pool.query("SELECT id FROM thing")).rows).toEqual([{ id: 2 }]);
  });

  it("rolls back what a destroyed connection had begun", async () => {
    const client = await database.pool.connect();
    await client.query("BEGIN");
    await client.query("INSERT INTO thing VALUES (3)");
    client.release(true);
    expect((await database.pool.query("SELECT id FROM thing WHERE id = 3")).rows).toEqual([]);
  });

  it("returns answers of several megabytes whole", async () => {
    const { rows } = await database.pool.query("SELECT repeat('x', 5000000) AS long, $1::text AS back", [
      "y".repeat(3_000_000),
    ]);
    expect(rows[0].long).toHaveLength(5_000_000);
    expect(rows[0].back).toBe("y".repeat(3_000_000));
  });
});

describe("the embedded database", () => {
  it("is made whole or not at all, refuses a second opening, and keeps its rows", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "chuanda-open-"));
    const first = await openDatabase(options(null, dataDir));
    expect(readdirSync(join(dataDir, "postgres")).sort()).toEqual(["cluster", "lock"]);
    await first.pool.query("CREATE TABLE kept AS SELECT 42 AS n");
    await expect(openDatabase(options(null, dataDir))).rejects.toThrow(/in use by another process/);
    await first.close();
    const second = await openDatabase(options(null, dataDir));
    expect((await second.pool.query("SELECT n FROM kept")).rows).toEqual([{ n: 42 }]);
    await second.close();
    rmSync(dataDir, { recursive: true });
  }, 120_000);

  it("says one line when its thread dies, and everything asked of it rejects", async () => {
    const threads: Worker[] = [];
    const watch = (message: unknown) => void threads.push((message as { worker: Worker }).worker);
    subscribe("worker_threads", watch);
    const deaths: string[] = [];
    const { database, drop } = await freshEmbedded((why) => void deaths.push(why));
    unsubscribe("worker_threads", watch);
    const asked = [1, 2, 3].map((n) => database.pool.query("SELECT pg_sleep(1), $1::int", [n]));
    const settled = Promise.allSettled(asked);
    await Promise.all(threads.map((thread) => thread.terminate()));
    expect((await settled).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(deaths).toEqual(["The embedded database has ended (1)."]);
    await expect(database.ping()).rejects.toThrow("The embedded database has ended (1).");
    await drop();
  });
});

const listen = async (answer: (socket: Socket) => void): Promise<{ server: Server; url: string }> => {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return { server, url: `postgresql://someone@127.0.0.1:${port}/db` };
};

const message = (type: string, body: Buffer) => {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};

/** Speaks just enough of the protocol to say that it is PostgreSQL 14.9. */
const fourteen = (socket: Socket) => {
  const cells = ["140009", "14.9"];
  const cell = (text: string) => Buffer.concat([Buffer.from([0, 0, 0, text.length]), Buffer.from(text)]);
  const column = (name: string) =>
    Buffer.concat([
      Buffer.from(`${name}\0`),
      Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 25, 255, 255, 255, 255, 255, 255, 0, 0]),
    ]);
  const ready = message("Z", Buffer.from("I"));
  const rows = [
    message("T", Buffer.concat([Buffer.from([0, 2]), column("number"), column("name")])),
    message("D", Buffer.concat([Buffer.from([0, 2]), ...cells.map(cell)])),
    message("C", Buffer.from("SELECT 1\0")),
  ];
  socket.on("error", () => {});
  socket.on("data", (bytes) => {
    if (bytes[0] === 0) socket.write(Buffer.concat([message("R", Buffer.alloc(4)), ready]));
    else if (bytes[0] === 0x51) socket.write(Buffer.concat([...rows, ready]));
    else socket.end();
  });
};

describe("a PostgreSQL server", () => {
  it("older than 15 is refused with one sentence", async () => {
    const { server, url } = await listen(fourteen);
    await expect(openDatabase(options(url))).rejects.toThrow(
      "PostgreSQL 15 or newer is needed, and this server is 14.9.",
    );
    server.close();
  });

  it("that never answers is given up within seconds", async () => {
    const { server, url } = await listen((socket) => socket.on("error", () => {}));
    await expect(openDatabase(options(url))).rejects.toThrow(/timeout/);
    server.close();
  });

  it("that refuses the connection is named with the reason", async () => {
    const { server, url } = await listen(() => {});
    server.close();
    await once(server, "close");
    await expect(openDatabase(options(url))).rejects.toThrow(/^PostgreSQL does not answer: .*ECONNREFUSED/);
  });

  it("may cut every connection: the next statement has a new one", async () => {
    const { url, drop } = await freshPostgres();
    const database = await openDatabase(options(url));
    await Promise.all([1, 2, 3].map(() => database.pool.query("SELECT pg_sleep(0.05)")));
    const other = await openDatabase(options(url));
    await other.pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    await expect.poll(() => database.ping().then(() => "pong")).toBe("pong");
    await Promise.all([database.close(), other.close()]);
    await drop();
  });
});
