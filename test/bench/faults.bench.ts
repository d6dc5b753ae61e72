import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closedFolder, fullFolder, secondProcess, type Told } from "../survive/embedded.ts";
import { type Endured, endure, nameOf, type Row } from "../survive/endure.ts";
import { canTrace, fakeTime, installInjection, smallDisk } from "../survive/injection.ts";
import { amendRows } from "../survive/rows/amend.ts";
import { databaseClockRow, hostClockRow } from "../survive/rows/host.ts";
import { poisonRows } from "../survive/rows/poison.ts";
import { diskRows, postgresRows, straceRows } from "../survive/rows/postgres.ts";
import { redisDiskRows, redisRows, redisStraceRows } from "../survive/rows/redis.ts";
import { restoreRows } from "../survive/rows/restore.ts";
import { sealerRows } from "../survive/rows/sealer.ts";
import { versionRows } from "../survive/rows/versions.ts";
import { webRows } from "../survive/rows/web.ts";
import { workerRows } from "../survive/rows/worker.ts";
import { openWorld, type WorldOptions } from "../survive/world.ts";
import type { Asked, Bench, Row as Line } from "./bench.ts";

const PEOPLE = 2_000;
/** For worlds whose disks are small, or whose clocks jump. */
const FEW = 500;
/** Only rows whose name matches, such as `FAULTS=Redis`. */
const ONLY = new RegExp(process.env.FAULTS ?? "");

const seconds = (value: number | null): string => (value === null ? "" : value.toFixed(1));

interface Found {
  readonly line: Line;
  readonly wrong: readonly string[];
}

const endured = ({ row, people, lost, duplicates, bound, wrong, ...found }: Endured): Found => ({
  line: {
    row,
    people,
    lost,
    duplicates: `${duplicates} of ≤ ${bound}`,
    "s to ready": seconds(found.readySeconds),
    "s to rest": seconds(found.settleSeconds),
    "answers, and what else": [found.answers, found.note].filter(Boolean).join("; "),
  },
  wrong: [
    ...wrong,
    ...(lost > 0 ? [`${lost} lost`] : []),
    ...(duplicates > bound ? [`${duplicates} duplicates`] : []),
  ].map((each) => `${row}: ${each}`),
});

const left = (row: string, note: string): Found => ({
  line: {
    row,
    people: "",
    lost: "",
    duplicates: "",
    "s to ready": "",
    "s to rest": "",
    "answers, and what else": note,
  },
  wrong: [],
});

const told = ({ row, wrong, seconds: took, note }: Told): Found => ({
  line: { ...left(row, note).line, "s to ready": took.toFixed(1) },
  wrong: wrong.map((each) => `${row}: ${each}`),
});

const playing = (found: Found[], say: Asked["say"]) => {
  const add = (one: Found): void => {
    found.push(one);
    say(Object.values(one.line).join(" | "));
    for (const each of one.wrong) say(`  WRONG ${each}`);
  };
  /** One world, one row after the other; a row that could not even be asked about is told as such. */
  const play = async (rows: readonly Row[], options: WorldOptions): Promise<void> => {
    const wanted = rows.filter((row) => ONLY.test(nameOf(row)));
    if (wanted.length === 0) return;
    const world = await openWorld(options);
    try {
      for (const row of wanted)
        add(
          await endure(world, row, true).then(endured, (err: unknown) => ({
            ...left(nameOf(row), "failed"),
            wrong: [`${nameOf(row)}: ${String(err).slice(0, 300)}`],
          })),
        );
    } finally {
      await world.close();
    }
  };
  return { add, play };
};

type Playing = ReturnType<typeof playing>;

const playOnDisks = async ({ add, play }: Playing, people: number): Promise<void> => {
  const disks = [smallDisk(400), smallDisk(1_200), smallDisk(60)];
  const [data, wal, redis] = disks.map((disk) => disk?.folder);
  const tracing = canTrace();
  if (!data || !wal || !redis)
    return add(left("rows that need a disk of their own", "not run: nobody may mount one here"));
  if (!tracing) add(left("rows that need strace", "not run: there is none"));
  const rows = [...diskRows, ...redisDiskRows, ...(tracing ? [...straceRows, ...redisStraceRows] : [])];
  const settings = ["max_wal_size=256MB"];
  await play(rows, { people, postgres: { under: data, wal, settings, durable: true }, redis: { under: redis } });
  for (const disk of disks) disk?.remove();
};

const playOnClocks = async ({ add, play }: Playing, people: number): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "chuanda-clock-"));
  const [database, host] = ["database", "host"].map((name) => join(folder, name)) as [string, string];
  for (const file of [database, host]) writeFileSync(file, "+0\n", { mode: 0o644 });
  const before = fakeTime(database);
  const environment = fakeTime(host);
  if (!before || !environment) return add(left("rows that need libfaketime", "not run: it is not installed"));
  const env = ["env", ...Object.entries(before).map(([name, value]) => `${name}=${value}`)];
  const options = { people, fickle: false, postgres: { before: env }, environment };
  await play([databaseClockRow(database), hostClockRow(host)], options);
};

const EMBEDDED = [
  ["embedded: second process", secondProcess],
  ["host: DATA_DIR read-only, or full at the start", closedFolder],
  ["host: DATA_DIR full while it runs", fullFolder],
] as const;

export const bench: Bench = {
  shows:
    "What the service survives, and at what cost (`security.md` §4): two web processes and two workers, Redis behind a proxy, a platform that behaves like Telegram and asks again until it is answered 200; each row in the middle of a broadcast that people answer, and then the one oracle. Duplicates are people who got a card twice. `FAULTS=Redis` plays only rows with that in their name.",
  async run({ say, atMost }) {
    installInjection();
    const found: Found[] = [];
    const on = playing(found, say);
    const [people, few] = [Math.min(PEOPLE, atMost), Math.min(FEW, atMost)];
    await on.play([...webRows, ...workerRows, ...versionRows, ...amendRows, ...sealerRows], { people });
    await on.play([...postgresRows, ...redisRows, ...restoreRows], {
      people,
      postgres: { settings: ["max_connections=100"] },
    });
    await on.play(poisonRows, { people: Math.min(300, atMost) });
    await playOnDisks(on, few);
    await playOnClocks(on, few);
    for (const [name, row] of EMBEDDED) if (ONLY.test(name)) on.add(told(await row()));
    const wrong = found.flatMap((one) => one.wrong);
    if (wrong.length > 0) throw new Error(wrong.join("\n"));
    return found.map(({ line }) => line);
  },
};
