import { showRestored } from "./cli/show-restore.ts";
import type { Terminal } from "./cli/terminal.ts";
import type { Config } from "./config.ts";
import type { Database } from "./database/database.ts";
import { databaseClock } from "./database/database-clock.ts";
import { known } from "./database/migrate.ts";
import { openDatabase } from "./database/open-database.ts";
import { mayRebuild, othersConnected, rebuild } from "./database/rebuild.ts";
import { refuseDemo } from "./demo-directory.ts";
import { phrase } from "./dialogue/phrase.ts";
import { backupFiles } from "./files/backup-files.ts";
import { parseMarkdown } from "./files/markdown.ts";
import { holdDirectory } from "./hold-directory.ts";
import { secretsOf } from "./installation.ts";
import { keptSecrets } from "./keys/local-secrets.ts";
import { wording } from "./locale/wording.ts";
import type { Log } from "./ports/log.ts";
import { Refusal } from "./refusal.ts";
import { type RestoreProgress, restore, type Site } from "./services/restore.ts";
import { openPrisma } from "./store/client.ts";
import { openStores } from "./store/stores.ts";

interface Asked {
  readonly file: string;
  readonly json: boolean;
}

/** The keys that the backup was made under. A restore makes none: new ones would open nothing. */
const secrets = ({ databaseUrl, dataDir, ...config }: Config) => {
  const kept = databaseUrl === null ? keptSecrets(dataDir) : null;
  const secretKey = config.secretKey ?? kept?.secretKey;
  const ledgerKey = config.ledgerKey ?? kept?.ledgerKey;
  if (!secretKey)
    throw new Refusal(phrase("restore.no-key", { variable: "SECRET_KEY", file: `${dataDir}/secret.key` }));
  if (!ledgerKey)
    throw new Refusal(phrase("restore.no-key", { variable: "LEDGER_KEY", file: `${dataDir}/ledger.key` }));
  return secretsOf(secretKey, ledgerKey);
};

/** Stores that remember in the schema under construction, within its one transaction. */
const rebuildIn = async <Done>(
  database: Database,
  log: Log,
  { keys, ledger, locale }: ReturnType<typeof secrets> & Pick<Config, "locale">,
  work: (site: Site) => Promise<Done>,
): Promise<Done> => {
  const { real, stop } = await databaseClock(database, log);
  return rebuild(database, (building, pool) => {
    const db = openPrisma(pool);
    const stores = openStores(db, { keys, entryBytes: ledger.entryBytes, parse: parseMarkdown, wording, locale });
    const { keys: keyStore, ledger: ledgerStore, held } = stores;
    return work({ ...building, keyStore, ledgerStore, held, clock: { now: real, real } }).finally(() =>
      db.$disconnect(),
    );
  }).finally(stop);
};

const showProgress =
  (terminal: Terminal): RestoreProgress =>
  (phase, done, total) =>
    terminal.progress({ phase: phrase(`restore.${phase}`), done, total });

/**
 * `chuanda restore`: brings a backup back into an empty installation, all of it or nothing. It needs the installation for
 * itself: no service runs meanwhile.
 */
export const runRestore = async (config: Config, log: Log, asked: Asked, terminal: Terminal): Promise<number> => {
  const { databaseUrl: url, dataDir, locale } = config;
  const release = url === null ? holdDirectory(dataDir) : () => {};
  let database: Database | null = null;
  const onDeath = (why: string) => {
    terminal.err(why);
    process.exit(1);
  };
  try {
    if (url === null) refuseDemo(dataDir);
    const { keys, ledger } = secrets(config);
    const open = async (): Promise<Database> => {
      database = await openDatabase({ url, dataDir, log, onDeath });
      if ((await othersConnected(database)) > 0) throw new Refusal(phrase("restore.in-use"));
      if (!(await mayRebuild(database))) throw new Refusal(phrase("restore.not-owner"));
      return database;
    };
    const result = await restore(
      {
        ...{ files: backupFiles, keys, ledger, migrations: known() },
        rebuild: async (work) => rebuildIn(await open(), log, { keys, ledger, locale }, work),
      },
      asked.file,
      showProgress(terminal),
    );
    // The job queue's own tables hold nothing and are made anew.
    if (result.kind === "restored") await (database as Database | null)?.migrate();
    terminal.progress(null);
    return showRestored(terminal, asked, result);
  } finally {
    await (database as Database | null)?.close();
    release();
  }
};
