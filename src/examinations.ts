import { type Config, readFiles } from "./config.ts";
import type { Database } from "./database/database.ts";
import type { Finding } from "./dialogue/finding.ts";
import { fine, wrong } from "./dialogue/finding.ts";
import { faultLine } from "./domain/fault-line.ts";
import { localSecretPaths } from "./keys/local-secrets.ts";
import { diskFacts, secretFiles } from "./machine.ts";
import { examinePlatforms } from "./open-platforms.ts";
import { examineWeb } from "./platforms/web/examine.ts";
import type { ReadCalendars } from "./ports/calendar.ts";
import type { Clock } from "./ports/clock.ts";
import type { Examination } from "./ports/examination.ts";
import type { Keys } from "./ports/keys.ts";
import type { Ledger } from "./ports/ledger.ts";
import type { Queue } from "./ports/queue.ts";
import { examineBacklog } from "./services/examine-backlog.ts";
import { examineChase } from "./services/examine-chase.ts";
import { examineDatabase } from "./services/examine-database.ts";
import { examineEmbedded } from "./services/examine-embedded.ts";
import { examineKeys } from "./services/examine-keys.ts";
import {
  examineCalendar,
  examineClock,
  examineDisk,
  examineRuntime,
  examineSecrets,
} from "./services/examine-machine.ts";
import { examineProcesses } from "./services/examine-processes.ts";
import { examineQueue } from "./services/examine-queue.ts";
import type { Stores } from "./store/stores.ts";

/** An installation as far as it could be opened. */
export interface Patient {
  readonly config: Config;
  readonly clock: Clock;
  readonly calendars: ReadCalendars;
  /** Null where the queue lies on the database. */
  readonly queue: Pick<Queue, "ping" | "facts"> | null;
  /** Null where there is none, or none that answers: `missing` says which. */
  readonly opened: {
    readonly database: Database;
    readonly stores: Pick<Stores, "backlog" | "chase" | "keys" | "processes">;
  } | null;
  readonly missing: readonly Finding[];
  /** The keys, or what is wrong with them in themselves. */
  readonly secrets: { readonly keys: Keys; readonly ledger: Ledger } | { readonly unusable: readonly Finding[] };
}

type Opened = NonNullable<Patient["opened"]>;

/** A platform adds its own here. */
const ofPlatforms = ({ config, clock }: Patient): readonly Examination[] => [
  ...examinePlatforms(config, clock.real()),
  examineWeb({
    publicUrl: config.publicUrl,
    own: `http://${config.host}:${config.port}`,
    real: config.databaseUrl !== null,
  }),
];

const ofDatabase = ({ config, clock, secrets }: Patient, { database, stores }: Opened): readonly Examination[] => {
  const pending = database.pending();
  const hasTables = pending.then(
    (names) => names?.length === 0,
    () => false,
  );
  // On tables of another build nothing below would say anything true, and `database` has said so.
  const onTables = (name: string, examine: Examination["examine"]): Examination => ({
    name,
    examine: async () => ((await hasTables) ? examine() : []),
  });
  const embedded = database.kind === "embedded";
  const people = () => stores.backlog.people();
  const times = { now: clock.now(), real: clock.real() };
  const parts = { embedded, facts: database.facts, pending: () => pending, real: times.real };
  return [
    { name: "database", examine: () => examineDatabase(parts) },
    ...(embedded ? [onTables("embedded", () => examineEmbedded({ people, isPublic: config.publicUrl !== null }))] : []),
    ...("ledger" in secrets ? [onTables("keys", () => examineKeys({ keyStore: stores.keys, ...secrets }))] : []),
    onTables("processes", () => examineProcesses(stores, times.real)),
    onTables("backlog", () => examineBacklog(stores.backlog, times)),
    onTables("chase", () => examineChase(stores.chase, times.now)),
  ];
};

const ofClocks = ({ opened, queue, clock }: Patient): Examination => ({
  name: "clock",
  examine: async () => {
    const database = await opened?.database.facts().catch(() => null);
    const redis = await queue?.facts().catch(() => null);
    const servers = [
      { name: "PostgreSQL", aheadMs: (opened?.database.kind === "postgresql" && database?.aheadMs) || null },
      { name: redis?.product ?? "Redis", aheadMs: redis?.aheadMs ?? null },
    ];
    return examineClock(servers, clock.real());
  },
});

const ofDisks = ({ config, opened }: Patient): Examination => ({
  name: "disk",
  examine: async () => {
    const facts = await opened?.database.facts().catch(() => null);
    const own = config.databaseUrl === null ? [examineDisk(await diskFacts(config.dataDir))] : [];
    const servers = facts?.directory ? await diskFacts(facts.directory).catch(() => null) : null;
    // That this process may not write there is as it should be.
    return [...own, ...(servers ? [examineDisk({ ...servers, writable: true })] : [])].flat();
  },
});

const ofFiles = ({ config }: Patient): Examination => ({
  name: "secrets",
  examine: async () => {
    const { secretKey, ledgerKey } = localSecretPaths(config.dataDir);
    const own = [
      { variable: "SECRET_KEY", path: secretKey },
      { variable: "LEDGER_KEY", path: ledgerKey },
    ];
    return examineSecrets(await secretFiles([...readFiles(), ...(config.databaseUrl === null ? own : [])]));
  },
});

const known = (name: string, found: readonly Finding[]): Examination => ({ name, examine: async () => found });

/** Everything that `doctor` looks at, in the order in which it is told. */
export const examinationsOf = (patient: Patient): readonly Examination[] => {
  const { clock, calendars, queue, opened, missing, secrets } = patient;
  return [
    known("database", missing),
    ...("unusable" in secrets ? [known("keys", secrets.unusable)] : []),
    ...(opened ? ofDatabase(patient, opened) : []),
    queue
      ? { name: "queue", examine: () => examineQueue(queue) }
      : known("queue", opened ? [fine("queue.database")] : []),
    ...ofPlatforms(patient),
    ofClocks(patient),
    { name: "calendar", examine: async () => examineCalendar((await calendars())[0].calendar, clock.real()) },
    ofDisks(patient),
    ofFiles(patient),
    { name: "runtime", examine: async () => examineRuntime(process.versions.node, clock.real()) },
  ];
};

/** Why a database could not be opened; what happened underneath says it best. */
export const databaseDown = (error: unknown): readonly Finding[] => {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return [wrong("database.down", { why: faultLine(cause) })];
};
