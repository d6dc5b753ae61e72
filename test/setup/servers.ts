import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { Redis } from "ioredis";
import { Client } from "pg";
import { type Server, startServer } from "./server.ts";

/** What nobody may rely on: the server's own zone is not UTC. */
const SETTINGS = [
  "listen_addresses=127.0.0.1",
  "unix_socket_directories=",
  "max_connections=200",
  "timezone=Asia/Shanghai",
];
/** A test's database need not outlive the machine. */
const CARELESS = ["fsync=off", "full_page_writes=off", "synchronous_commit=off"];
/** A bench's database is one that an administrator has given a gigabyte; it writes as carefully as PostgreSQL comes. */
const DURABLE = ["shared_buffers=1GB", "max_wal_size=4GB"];

export const postgresServer = (bin: string, durable = false): Promise<Server> =>
  startServer({
    name: "postgres",
    prepare: (folder, as) => {
      const options = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale", "--no-sync"];
      const made = spawnSync(join(bin, "initdb"), ["-D", join(folder, "data"), ...options], {
        ...as,
        cwd: folder,
        encoding: "utf8",
      });
      if (made.status !== 0) throw new Error(`initdb: ${made.error?.message ?? made.stderr}`);
    },
    command: (folder, port) => [
      join(bin, "postgres"),
      ...["-D", join(folder, "data"), "-p", String(port)],
      ...[...SETTINGS, ...(durable ? DURABLE : CARELESS)].flatMap((setting) => ["-c", setting]),
    ],
    stopSignal: "SIGINT",
    url: (port) => `postgresql://postgres@127.0.0.1:${port}/postgres`,
    probe: async (url) => {
      const client = new Client({ connectionString: url });
      client.on("error", () => {});
      try {
        await client.connect();
        await client.query("SELECT 1");
      } finally {
        await client.end().catch(() => {});
      }
    },
  });

export type Persistence = "none" | "aof" | "rdb";

const PERSISTENCE: Readonly<Record<Persistence, readonly string[]>> = {
  none: ["--save", "", "--appendonly", "no"],
  aof: ["--save", "", "--appendonly", "yes", "--appendfsync", "everysec"],
  rdb: ["--save", "3600 1 300 100 60 10000", "--appendonly", "no"],
};

/**
 * `options` are further words of its command line, such as `--maxmemory-policy`, `allkeys-lru`; `user` is what its address
 * begins with, where it lets nobody in without.
 */
export const redisServer = (
  program: string,
  persistence: Persistence,
  options: readonly string[] = [],
  user = "",
): Promise<Server> =>
  startServer({
    name: "redis",
    prepare: () => {},
    command: (folder, port) => [
      program,
      ...["--bind", "127.0.0.1", "--port", String(port), "--dir", folder],
      ...["--databases", "4096", "--maxmemory-policy", "noeviction"],
      ...PERSISTENCE[persistence],
      ...options,
    ],
    stopSignal: "SIGTERM",
    url: (port) => `redis://${user}127.0.0.1:${port}`,
    probe: async (url) => {
      const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
      client.on("error", () => {});
      try {
        await client.connect();
        await client.ping();
      } finally {
        client.disconnect();
      }
    },
  });
