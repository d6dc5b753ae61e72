import { execFile } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Client } from "pg";
import { rootKey } from "../keys/root-key.ts";
import { freshPostgres } from "../setup/database.ts";
import type { Asked, Bench, Row } from "./bench.ts";

const PROGRAM = fileURLToPath(new URL("./import-process.ts", import.meta.url));
/** A units.csv of a real prefecture; without it a tree of the same shape is made. */
const REAL = process.env.CHUANDA_BENCH_UNITS;
const SIZES = [0, 100_000, 1_000_000] as const;
const PEOPLE_A_FIRM = 10;
const TABLES = ["unit", "person", "person_key", "account", "post"] as const;

interface Took {
  readonly kind: string;
  readonly seconds: number;
  readonly cpu: number;
  /** Megabytes at the peak. */
  readonly rss: number;
  readonly phases: Readonly<Record<string, number>>;
}

/** A prefecture with 17 counties, 304 towns and 2,377 villages. */
const prefecture = (): readonly string[] => [
  "p,州,authority,",
  ...Array.from({ length: 17 }, (_, at) => `c${at},县${at},authority,p`),
  ...Array.from({ length: 304 }, (_, at) => `t${at},乡${at},authority,c${at % 17}`),
  ...Array.from({ length: 2377 }, (_, at) => `v${at},村${at},grassroots,t${at % 304}`),
];

const realPrefecture = (path: string): readonly string[] =>
  readFileSync(path, "utf8")
    .split(/\r?\n/u)
    .slice(1)
    .filter((line) => line !== "")
    .map((line) => line.split(",").slice(0, 4).join(","));

const write = async (path: string, lines: Iterable<string>): Promise<string> => {
  const file = createWriteStream(path);
  for (const line of lines) if (!file.write(`${line}\n`)) await once(file, "drain");
  file.end();
  await finished(file);
  return path;
};

function* unitLines(people: number) {
  const above = REAL ? realPrefecture(REAL) : prefecture();
  const codes = above.map((line) => line.split(",")[0]);
  yield "code,name,kind,parent";
  yield* above;
  for (let at = 0; at < people / PEOPLE_A_FIRM; at += 1)
    yield `e${at},企业${at},enterprise,${codes[at % codes.length]}`;
}

function* personLines(people: number) {
  yield "name,unit,post,phone,web";
  for (let at = 0; at < people; at += 1) {
    const [firm, place] = [Math.floor(at / PEOPLE_A_FIRM), at % PEOPLE_A_FIRM];
    yield `人${at},e${firm},${place === 0 ? "principal" : "worker"},${13_000_000_000 + at},yes`;
  }
}

const importFiles = async (url: string, files: readonly string[]): Promise<Took> => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--import",
    "tsx",
    PROGRAM,
    url,
    rootKey(1),
    ...files,
  ]);
  return JSON.parse(stdout) as Took;
};

/** Seconds for the same rows, into the same tables with their keys and indexes, and nothing else. */
const insertBare = async (url: string): Promise<number> => {
  const db = new Client({ connectionString: url });
  await db.connect();
  for (const table of TABLES)
    await db.query(`CREATE UNLOGGED TABLE "kept_${table}" AS SELECT * FROM "${table}" ORDER BY 1`);
  await db.query(`TRUNCATE ${TABLES.map((table) => `"${table}"`).join(", ")} CASCADE`);
  const from = performance.now();
  await db.query("BEGIN");
  for (const table of TABLES)
    await db.query(`INSERT INTO "${table}" OVERRIDING SYSTEM VALUE SELECT * FROM "kept_${table}"`);
  await db.query("COMMIT");
  const took = performance.now() - from;
  await db.end();
  return took / 1000;
};

const measure = async (people: number, say: Asked["say"]): Promise<Row> => {
  const folder = mkdtempSync(join(tmpdir(), "chuanda-bench-"));
  const { url, drop } = await freshPostgres();
  try {
    const files = [await write(join(folder, "units.csv"), unitLines(people))];
    if (people > 0) files.push(await write(join(folder, "people.csv"), personLines(people)));
    const first = await importFiles(url, files);
    if (first.kind !== "imported") throw new Error(first.kind);
    say(`${people} people, phases in ms: ${JSON.stringify(first.phases)}`);
    const again = await importFiles(url, files);
    const bare = await insertBare(url);
    const rows = [...unitLines(people)].length - 1 + people;
    return {
      people,
      rows,
      seconds: first.seconds.toFixed(1),
      "CPU s": first.cpu.toFixed(1),
      "peak MB": first.rss,
      "rows a second": Math.round(rows / first.seconds),
      "again, s": again.seconds.toFixed(1),
      "again, peak MB": again.rss,
      "of a bare insert": (first.seconds / bare).toFixed(1),
    };
  } finally {
    await drop();
    rmSync(folder, { recursive: true, force: true });
  }
};

export const bench: Bench = {
  shows: `Importing ${REAL ? "the units of a real prefecture" : "a prefecture's units"} and people, ten a firm, into PostgreSQL; the same files again, which changes nothing; and a bare insert of the same rows into the same tables.`,
  run: async ({ say, atMost }) => {
    const rows: Row[] = [];
    for (const people of SIZES) if (people <= atMost) rows.push(await measure(people, say));
    return rows;
  },
};
