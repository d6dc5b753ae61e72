import { calendarsOf } from "./calendar/calendars.ts";
import type { Config } from "./config.ts";
import type { Database } from "./database/database.ts";
import { databaseClock } from "./database/database-clock.ts";
import { openDatabase } from "./database/open-database.ts";
import { demoClock } from "./demo/demo-clock.ts";
import { keyProblemWords } from "./dialogue/key-problem-words.ts";
import { phrase } from "./dialogue/phrase.ts";
import { parseMarkdown } from "./files/markdown.ts";
import { openKeys } from "./keys/keys.ts";
import { localSecrets } from "./keys/local-secrets.ts";
import { readRootKeys } from "./keys/root-keys.ts";
import { openLedger } from "./ledger/ledger.ts";
import { readLedgerKey } from "./ledger/ledger-key.ts";
import { wording } from "./locale/wording.ts";
import type { ReadCalendars } from "./ports/calendar.ts";
import type { Clock } from "./ports/clock.ts";
import type { Keys } from "./ports/keys.ts";
import type { Ledger } from "./ports/ledger.ts";
import type { Log } from "./ports/log.ts";
import { openQueue } from "./queue/open-queue.ts";
import { Refusal } from "./refusal.ts";
import { checkKeys } from "./services/check-keys.ts";
import { rotateKeys } from "./services/rotate-keys.ts";
import { openPrisma } from "./store/client.ts";
import { openStores, type Stores } from "./store/stores.ts";

export interface OpenOptions {
  /** Whether the schema is brought up to date first; the embedded form always does. */
  readonly migrate: boolean;
  /** The embedded database is gone: says why, and ends the process. */
  readonly onDeath: (why: string) => void;
  /** Where service time begins, and goes on from where it was kept: the demo's. Otherwise it is real time. */
  readonly demoFrom?: Date;
}

const openSecrets = (config: Config): { readonly keys: Keys; readonly ledger: Ledger } => {
  const own = config.databaseUrl === null ? localSecrets(config.dataDir) : null;
  // With DATABASE_URL the configuration has refused to be without them.
  const secretKey = config.secretKey ?? own?.secretKey ?? "";
  const ledgerKey = config.ledgerKey ?? own?.ledgerKey ?? "";
  return secretsOf(secretKey, ledgerKey);
};

/** Throws where a key is none; nothing says yet whether it is the right one. */
export const secretsOf = (secretKey: string, ledgerKey: string): { readonly keys: Keys; readonly ledger: Ledger } => {
  for (const read of [readRootKeys(secretKey), readLedgerKey(ledgerKey)])
    if ("problem" in read) throw new Refusal(keyProblemWords(read.problem));
  return { keys: openKeys(secretKey), ledger: openLedger(ledgerKey) };
};

const prepare = async (database: Database, migrate: boolean): Promise<void> => {
  if (migrate || database.kind === "embedded") await database.migrate();
  const { rows } = await database.pool.query(`SELECT to_regclass('public.setting') IS NOT NULL AS "ready"`);
  if (!rows[0]?.ready) throw new Refusal(phrase("refuse.unmigrated"));
};

/** Wrong keys end the start; a new one beside the old one re-closes everything first, which an interrupted start goes on with. */
const admit = async (stores: Stores, keys: Keys, ledger: Ledger, log: Log): Promise<void> => {
  const check = await checkKeys({ keyStore: stores.keys, keys, ledger });
  if (check.kind === "refused") throw new Refusal(check.words);
  if (check.kind !== "rotation-due") return;
  const rotation = await rotateKeys({ keyStore: stores.keys, keys });
  if (rotation.kind === "rotated") log("keys-rotated", { people: rotation.people });
  else log.error("keys-not-rotated", { people: rotation.people.map(String) });
};

/**
 * Opens database, keys, stores and queue, in their order: everything that remembers, and nothing that runs by itself yet.
 * `close` ends them in reverse. Rejects with one sentence for an operator.
 */
export const openInstallation = async (config: Config, log: Log, options: OpenOptions) => {
  const { keys, ledger } = openSecrets(config);
  const { databaseUrl: url, dataDir, locale } = config;
  const database = await openDatabase({ url, dataDir, log, onDeath: options.onDeath });
  try {
    await prepare(database, options.migrate);
    const db = openPrisma(database.pool);
    const stores = openStores(db, { keys, entryBytes: ledger.entryBytes, parse: parseMarkdown, wording, locale });
    await admit(stores, keys, ledger, log);
    const { real, stop } = await databaseClock(database, log);
    const from = (await stores.demo.clock()) ?? options.demoFrom;
    const clock: Clock = from ? demoClock(real, from) : { now: real, real };
    const queue = openQueue({ redisUrl: config.redisUrl, pool: database.queuePool, log });
    const close = async () => {
      await queue.stop();
      stop();
      await db.$disconnect();
      await database.close();
    };
    const calendars: ReadCalendars = async () =>
      calendarsOf(await stores.calendars.overrides(), config.zone, config.pushAlways);
    return { config, log, keys, ledger, database, stores, clock, queue, calendars, close };
  } catch (error) {
    await database.close();
    throw error;
  }
};

export type Installation = Awaited<ReturnType<typeof openInstallation>>;
