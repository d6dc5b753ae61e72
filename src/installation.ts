import { workCalendar } from "./calendar/calendar.ts";
import type { Config } from "./config.ts";
import { databaseClock } from "./database/database-clock.ts";
import { openDatabase } from "./database/open-database.ts";
import { parseMarkdown } from "./files/markdown.ts";
import { openKeys } from "./keys/keys.ts";
import { localSecrets } from "./keys/local-secrets.ts";
import { openLedger } from "./ledger/ledger.ts";
import type { Clock } from "./ports/clock.ts";
import type { Log } from "./ports/log.ts";
import { bullQueue } from "./queue/bull-queue.ts";
import { admitKeys } from "./services/admit-keys.ts";
import { openPrisma } from "./store/client.ts";
import { openStores, type Stores } from "./store/stores.ts";

/** An open installation: everything that remembers, and nothing that runs by itself yet. */
export interface Installation extends Awaited<ReturnType<typeof openInstallation>> {}

export interface OpenOptions {
  /** Whether the schema is brought up to date first; the embedded form always does. */
  readonly migrate: boolean;
  readonly onDeath: (why: string) => void;
  /** Service time, where it is not real time: the demo's. */
  readonly serviceClock?: (real: () => Date, stores: Stores) => Promise<Clock>;
}

/** Opens database, keys, stores and queue in their order; `close` ends them in reverse. Rejects with one sentence for an operator. */
export const openInstallation = async (config: Config, log: Log, options: OpenOptions) => {
  const { secretKey, ledgerKey } = {
    ...(config.databaseUrl === null ? localSecrets(config.dataDir) : {}),
    ...(config.secretKey !== null ? { secretKey: config.secretKey } : {}),
    ...(config.ledgerKey !== null ? { ledgerKey: config.ledgerKey } : {}),
  } as { secretKey: string; ledgerKey: string };
  const keys = openKeys(secretKey);
  const ledger = openLedger(ledgerKey);
  const database = await openDatabase({
    url: config.databaseUrl,
    dataDir: config.dataDir,
    log,
    onDeath: options.onDeath,
  });
  if (options.migrate || database.kind === "embedded") await database.migrate();
  const db = openPrisma(database.pool);
  const real = await databaseClock(database, log);
  const parse = parseMarkdown;
  const stores = openStores(db, { keys, entryBytes: ledger.entryBytes, parse, locale: config.locale });
  const clock = options.serviceClock
    ? await options.serviceClock(real.real, stores)
    : { now: real.real, real: real.real };
  const queue = await bullQueue({ redisUrl: config.redisUrl, pool: database.queuePool, log });
  return {
    config,
    log,
    keys,
    ledger,
    database,
    stores,
    clock,
    queue,
    parse,
    calendar: workCalendar(config.zone),
    async close() {
      await queue.stop();
      real.stop();
      await db.$disconnect();
      await database.close();
    },
  };
};
