import { existsSync } from "node:fs";
import { calendarsOf, NO_OVERRIDES } from "./calendar/calendars.ts";
import type { DoctorInvocation } from "./cli/invocation.ts";
import { showDoctor } from "./cli/show-doctor.ts";
import type { Terminal } from "./cli/terminal.ts";
import type { Config } from "./config.ts";
import type { Database } from "./database/database.ts";
import { databaseClock } from "./database/database-clock.ts";
import { hasCluster } from "./database/has-cluster.ts";
import { openDatabase } from "./database/open-database.ts";
import { demoClock } from "./demo/demo-clock.ts";
import { fine, wrong } from "./dialogue/finding.ts";
import { keyProblemWords } from "./dialogue/key-problem-words.ts";
import { databaseDown, examinationsOf, type Patient } from "./examinations.ts";
import { openKeys } from "./keys/keys.ts";
import { localSecretPaths, localSecrets } from "./keys/local-secrets.ts";
import { readRootKeys } from "./keys/root-keys.ts";
import { openLedger } from "./ledger/ledger.ts";
import { readLedgerKey } from "./ledger/ledger-key.ts";
import type { Log } from "./ports/log.ts";
import { redisBackend } from "./queue/backend.ts";
import { examineAll } from "./services/examine.ts";
import { backlogStore } from "./store/backlog.ts";
import { calendarStore } from "./store/calendars.ts";
import { chaseStore } from "./store/chase.ts";
import { openPrisma } from "./store/client.ts";
import { demoStore } from "./store/demo.ts";
import { keyStore } from "./store/key-rows.ts";
import { processStore } from "./store/processes.ts";

/** A server that has not answered by then does not answer. */
const CONNECT_MS = 5_000;

/** The keys as they are given; unlike a start, it makes none. */
const readSecrets = ({ databaseUrl, dataDir, secretKey, ledgerKey }: Config): Patient["secrets"] => {
  const lacking = databaseUrl === null && !(secretKey && ledgerKey);
  const lost = lacking ? Object.values(localSecretPaths(dataDir)).find((path) => !existsSync(path)) : undefined;
  if (lost)
    return {
      unusable: hasCluster(dataDir) ? [wrong("keys.lost", { path: lost })] : [],
    };
  const own = lacking ? localSecrets(dataDir) : null;
  const given = {
    secret: secretKey ?? own?.secretKey ?? "",
    ledger: ledgerKey ?? own?.ledgerKey ?? "",
  };
  const read = [readRootKeys(given.secret), readLedgerKey(given.ledger)];
  const bad = read.flatMap((one) =>
    "problem" in one ? [wrong("keys.unusable", { why: keyProblemWords(one.problem) })] : [],
  );
  return bad.length > 0 ? { unusable: bad } : { keys: openKeys(given.secret), ledger: openLedger(given.ledger) };
};

const inTime = async <T>(work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${CONNECT_MS / 1_000} s`)), CONNECT_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

type Reached = { readonly database: Database } | { readonly missing: Patient["missing"] };

const reach = async ({ databaseUrl: url, dataDir }: Config, log: Log): Promise<Reached> => {
  if (url === null && !hasCluster(dataDir)) return { missing: [fine("database.none", { directory: dataDir })] };
  const onDeath = (why: string) => log.error("database-gone", { why });
  const opening = openDatabase({ url, dataDir, log, onDeath });
  try {
    // The embedded database has no network that could keep it, and may take its time to start.
    return { database: await (url === null ? opening : inTime(opening)) };
  } catch (error) {
    return { missing: databaseDown(error) };
  }
};

/** Its own client says only that it has no connection; why, it told before. */
const reachRedis = async (url: string) => {
  let lost: unknown = new Error("no answer");
  const { ping, facts, close } = await redisBackend(url, (error) => {
    lost = error;
  });
  return { ping: () => ping().catch(() => Promise.reject(lost)), facts, close };
};

/** Opens what can be opened. */
const openPatient = async (config: Config, log: Log): Promise<Patient & { close(): Promise<void> }> => {
  const secrets = readSecrets(config);
  const { redisUrl } = config;
  const [reached, queue] = await Promise.all([reach(config, log), redisUrl === null ? null : reachRedis(redisUrl)]);
  const common = {
    config,
    calendars: async () => calendarsOf(NO_OVERRIDES, config.zone),
    queue,
    secrets,
  };
  const ours = { now: () => new Date(), real: () => new Date() };
  const closeQueue = async () => queue?.close();
  if (!("database" in reached))
    return {
      ...common,
      clock: ours,
      opened: null,
      missing: reached.missing,
      close: closeQueue,
    };
  const { database } = reached;
  const db = openPrisma(database.pool);
  const stores = {
    backlog: backlogStore(db),
    chase: chaseStore(db, () => new Uint8Array()),
    keys: keyStore(db),
    processes: processStore(db),
  };
  const { overrides } = calendarStore(db, () => new Uint8Array());
  const calendars = async () => calendarsOf(await overrides().catch(() => NO_OVERRIDES), config.zone);
  const { real, stop } = await databaseClock(database, log);
  const kept =
    "ledger" in secrets
      ? await demoStore(db, secrets.keys)
          .clock()
          .catch(() => null)
      : null;
  const clock = kept ? demoClock(real, kept) : { now: real, real };
  const close = async () => {
    stop();
    await db.$disconnect();
    await Promise.all([closeQueue(), database.close()]);
  };
  return { ...common, calendars, clock, opened: { database, stores }, missing: [], close };
};

/** `chuanda doctor` in this process: also where there is no database, or no Redis, or neither. */
export const runDoctor = async (
  config: Config,
  log: Log,
  invocation: DoctorInvocation,
  terminal: Terminal,
): Promise<number> => {
  const patient = await openPatient(config, log);
  try {
    const examine = (progress: (done: number, total: number) => void) => examineAll(examinationsOf(patient), progress);
    return await showDoctor({ examine }, invocation, terminal);
  } finally {
    await patient.close();
  }
};
