import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { openDatabase } from "../../src/database/open-database.ts";
import { BROKER } from "./ask.ts";
import { compileProgram } from "./compile-program.ts";
import { testLog } from "./log.ts";
import type { Programs } from "./programs.ts";
import type { Server } from "./server.ts";
import { postgresServer, redisServer } from "./servers.ts";

const onDeath = (why: string) => {
  throw new Error(why);
};

/** Migrates a database once; every test's own is a copy of it. */
const migrated = async (url: string | null, dataDir: string): Promise<void> => {
  const database = await openDatabase({ url, dataDir, log: testLog(), onDeath });
  await database.migrate();
  await database.close();
};

const asAdministrator = async <T>(url: string, run: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
};

/** What the run shares is made when the first test asks for it, and only then. */
const shared = ({ postgres, redis }: Programs, durable: boolean) => {
  const folder = mkdtempSync(join(tmpdir(), "chuanda-test-"));
  const prefix = `chuanda_test_${process.pid}_${Math.random().toString(36).slice(2, 8)}`;
  const endings: (() => Promise<unknown> | undefined)[] = [];
  const started = (server: Server): string => {
    endings.push(() => server.stop());
    return server.url;
  };
  let databases = 0;

  const makePostgres = async () => {
    const given = process.env.TEST_DATABASE_URL;
    if (!given && !postgres) throw new Error("There is no PostgreSQL here.");
    const url = given ?? started(await postgresServer(postgres as string, durable));
    const template = new URL(url);
    template.pathname = prefix;
    await asAdministrator(url, (client) => client.query(`CREATE DATABASE ${prefix}`));
    if (given) endings.unshift(() => asAdministrator(url, (client) => client.query(`DROP DATABASE ${prefix}`)));
    await migrated(template.href, folder);
    return { url, template: prefix };
  };
  const makeRedis = async () => {
    const given = process.env.TEST_REDIS_URL;
    if (!given && !redis) throw new Error("There is no Redis here.");
    return { url: given ?? started(await redisServer(redis as string, "aof")) };
  };
  const makeEmbedded = async () => {
    await migrated(null, join(folder, "embedded"));
    return { folder: join(folder, "embedded") };
  };

  const makeProgram = async () => {
    const { folder, remove } = await compileProgram();
    endings.push(remove);
    return { folder };
  };

  const once = <T>(make: () => Promise<T>) => {
    let made: Promise<T> | null = null;
    return () => (made ??= make());
  };
  const makers = {
    postgres: once(makePostgres),
    redis: once(makeRedis),
    embedded: once(makeEmbedded),
    program: once(makeProgram),
  };
  return {
    ask: async (what: string) => {
      if (!(what in makers)) throw new Error(`nobody makes ${what}`);
      return { ...(await makers[what as keyof typeof makers]()), number: ++databases };
    },
    end: async () => {
      for (const end of endings) await end();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

/**
 * Lends out what a run shares, and ends it. `durable`: PostgreSQL writes as carefully as it does on a server, instead of as
 * fast as it can.
 */
export const openBroker = async (programs: Programs, durable = false): Promise<() => Promise<void>> => {
  const parts = shared(programs, durable);
  const broker = createServer((request, response) => {
    parts.ask((request.url ?? "").slice(1)).then(
      (made) => response.end(JSON.stringify(made)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((ready) => broker.listen(0, "127.0.0.1", ready));
  const address = broker.address();
  if (address === null || typeof address === "string") throw new Error("no address");
  process.env[BROKER] = `http://127.0.0.1:${address.port}`;
  return async () => {
    broker.closeAllConnections();
    broker.close();
    await parts.end();
  };
};
