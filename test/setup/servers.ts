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

/** How a server differs from the usual one. */
export interface Unusual {
  /** Everything else is as PostgreSQL comes. */
  readonly durable?: boolean;
  /** Further settings; they win over those of all. */
  readonly settings?: readonly string[];
  /** Words before its command, such as `env LD_PRELOAD=…`. */
  readonly before?: readonly string[];
  /** Where its folder is made, when not among the temporary ones. */
  readonly under?: string;
  /** Where its log of writes lies, when not in its folder. */
  readonly wal?: string;
}

export const postgresServer = (
  bin: string,
  { durable = false, settings = [], before = [], under, wal }: Unusual = {},
): Promise<Server> =>
  startServer({
    name: "postgres",
    ...(under === undefined ? {} : { under }),
    prepare: (folder, as) => {
      const options = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale", "--no-sync"];
      if (wal) options.push("-X", join(wal, "wal"));
      const made = spawnSync(join(bin, "initdb"), ["-D", join(folder, "data"), ...options], {
        ...as,
        cwd: folder,
        encoding: "utf8",
      });
      if (made.status !== 0) throw new Error(`initdb: ${made.error?.message ?? made.stderr}`);
    },
    command: (folder, port) => [
      ...before,
      join(bin, "postgres"),
      ...["-D", join(folder, "data"), "-p", String(port)],
      ...[...SETTINGS, ...(durable ? DURABLE : CARELESS), ...settings].flatMap((setting) => ["-c", setting]),
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

export interface RedisHow {
  readonly persistence: Persistence;
  /** Further words of its command line, such as `--maxmemory-policy`, `allkeys-lru`. */
  readonly options?: readonly string[];
  /** What its address begins with, where it lets nobody in without. */
  readonly user?: string;
  /** Where its folder is made, when not among the temporary ones. */
  readonly under?: string;
}

export const redisServer = (
  program: string,
  { persistence, options = [], user = "", under }: RedisHow,
): Promise<Server> =>
  startServer({
    name: "redis",
    ...(under === undefined ? {} : { under }),
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
