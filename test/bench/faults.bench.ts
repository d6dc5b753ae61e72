import { mkdtempSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { bench, describe } from "vitest";
import { closedFolder, fullFolder, secondProcess, type Told } from "../survive/embedded.ts";
import { type Endured, endure, type Row } from "../survive/endure.ts";
import { canTrace, fakeTime, installInjection, smallDisk } from "../survive/injection.ts";
import { databaseClockRow, hostClockRow } from "../survive/rows/host.ts";
import { poisonRows } from "../survive/rows/poison.ts";
import { diskRows, postgresRows, straceRows } from "../survive/rows/postgres.ts";
import { redisDiskRows, redisRows, redisStraceRows } from "../survive/rows/redis.ts";
import { sealerRows } from "../survive/rows/sealer.ts";
import { versionRows } from "../survive/rows/versions.ts";
import { webRows } from "../survive/rows/web.ts";
import { workerRows } from "../survive/rows/worker.ts";
import { openWorld, type WorldOptions } from "../survive/world.ts";

const PEOPLE = Number(process.env.FAULTS_PEOPLE ?? 2_000);
/** Only rows whose name matches, such as `FAULTS=Redis`. */
const ONLY = new RegExp(process.env.FAULTS ?? "");
const nameOf = ({ component, fault }: Row): string => `${component}: ${fault}`;

const seconds = (value: number | null): string => (value === null ? "–" : value.toFixed(1));

const line = (found: Endured): string => {
  const { row, people, lost, duplicates, bound, readySeconds, settleSeconds, wrong, answers, note } = found;
  const faults = wrong.length === 0 ? "" : ` **${wrong.slice(0, 3).join("; ")}**`;
  const times = `${seconds(readySeconds)} | ${seconds(settleSeconds)}`;
  return `| ${row} | ${people} | ${lost} | ${duplicates} of ≤ ${bound} | ${times} | ${[note, answers].filter(Boolean).join("; ")}${faults} |`;
};

const told = ({ row, wrong, seconds: took, note }: Told): string =>
  `| ${row} | – | – | – | ${took.toFixed(1)} | – | ${note}${wrong.length > 0 ? ` **${wrong.join("; ")}**` : ""} |`;

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** One world, one row after the other; a row that could not even be asked about is told as such. */
const play = async (rows: readonly Row[], options: WorldOptions): Promise<void> => {
  const wanted = rows.filter((row) => ONLY.test(nameOf(row)));
  if (wanted.length === 0) return;
  const world = await openWorld(options);
  for (const row of wanted) {
    await endure(world, row, true).then(
      (found) => print(line(found)),
      (err: unknown) => print(`| ${nameOf(row)} | ${options.people} | **${String(err).slice(0, 300)}** | | | | |`),
    );
  }
  await world.close();
};

const playOnDisks = async (): Promise<void> => {
  const disks = [smallDisk(400), smallDisk(1_200), smallDisk(60)];
  const [data, wal, redis] = disks.map((disk) => disk?.folder);
  const tracing = canTrace();
  if (!data || !wal || !redis)
    return print("| rows that need a disk of their own | not run: nobody may mount one here | | | | | |");
  if (!tracing) print("| rows that need strace | not run: there is none | | | | | |");
  const rows = [...diskRows, ...redisDiskRows, ...(tracing ? [...straceRows, ...redisStraceRows] : [])];
  const settings = ["fsync=on", "synchronous_commit=on", "max_wal_size=256MB"];
  await play(rows, { people: 500, postgres: { under: data, wal, settings }, redis: { under: redis } });
  for (const disk of disks) disk?.remove();
};

const playOnClocks = async (): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "chuanda-clock-"));
  const [database, host] = ["database", "host"].map((name) => join(folder, name)) as [string, string];
  for (const file of [database, host]) writeFileSync(file, "+0\n", { mode: 0o644 });
  const before = fakeTime(database);
  const environment = fakeTime(host);
  if (!before || !environment) return print("| rows that need libfaketime | not run: it is not installed | | | | | |");
  const env = ["env", ...Object.entries(before).map(([name, value]) => `${name}=${value}`)];
  const options = { people: 500, fickle: false, postgres: { before: env }, environment };
  await play([databaseClockRow(database), hostClockRow(host)], options);
};

const EMBEDDED = [
  ["embedded: second process", secondProcess],
  ["host: DATA_DIR read-only, or full at the start", closedFolder],
  ["host: DATA_DIR full while it runs", fullFolder],
] as const;

const all = async (): Promise<void> => {
  installInjection();
  print(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`);
  print("| row | people | lost | duplicates | s to ready | s to rest | |\n| --- | --- | --- | --- | --- | --- | --- |");
  await play([...webRows, ...workerRows, ...versionRows, ...sealerRows], { people: PEOPLE });
  await play([...postgresRows, ...redisRows], { people: PEOPLE, postgres: { settings: ["max_connections=100"] } });
  await play(poisonRows, { people: 300 });
  await playOnDisks();
  await playOnClocks();
  for (const [name, row] of EMBEDDED) if (ONLY.test(name)) print(told(await row()));
};

describe("what the service survives, and at what cost", () => {
  bench("every fault", all, { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 });
});
