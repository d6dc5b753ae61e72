import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { describe, expect, it } from "vitest";

const filesUnder = (folder: string, ending: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => path.endsWith(ending) && !path.includes("src/store/generated/"));

const cruised = async (root: string): Promise<ICruiseResult> => {
  const { default: rules } = await import("../.dependency-cruiser.mjs" as string);
  const { options, ...ruleSet } = rules;
  const tsConfig = extractTSConfig(join(root, "tsconfig.json"));
  const result = await cruise(["src"], { ...options, ruleSet, validate: true, baseDir: root }, undefined, { tsConfig });
  return result.output as ICruiseResult;
};

const sources = filesUnder("src", ".ts");
const read = (path: string): string => readFileSync(path, "utf8");
const isPure = (path: string): boolean => /^src\/(domain|dialogue|ports|services|html)\//.test(path);

describe("the rooms", () => {
  it("are all seen by the tool that guards their borders, and nobody crosses one", async () => {
    const { modules, summary } = await cruised(process.cwd());
    const seen = modules.map(({ source }) => source).filter((path) => /^src\/.*\.ts$/.test(path));
    expect(seen.filter((path) => !path.includes("/generated/")).sort()).toEqual([...sources].sort());
    expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
  }, 120_000);

  it("have borders that hold: a planted import makes exactly its rules fall", async () => {
    const root = mkdtempSync(join(tmpdir(), "chuanda-rooms-"));
    try {
      for (const name of ["src", "locales", "package.json", "tsconfig.json"])
        cpSync(name, join(root, name), { recursive: true });
      symlinkSync(join(process.cwd(), "node_modules"), join(root, "node_modules"));
      const bad = ['import "node:fs";', 'import "pino";', 'import "../store/client.ts";'].join("\n");
      writeFileSync(join(root, "src/domain/planted.ts"), `${bad}\nexport const planted = 1;\n`);
      const { summary } = await cruised(root);
      const fallen = summary.violations.filter(({ from }) => from.endsWith("planted.ts")).map(({ rule }) => rule.name);
      expect(new Set(fallen)).toEqual(
        new Set(["domain-knows-only-itself", "only-log-uses-pino", "pure-rooms-touch-nothing"]),
      );
    } finally {
      rmSync(root, { recursive: true });
    }
  }, 120_000);

  it("are all on the map", () => {
    const map = read("src/README.md");
    const folders = new Set(sources.flatMap((path) => path.split("/").slice(1, -1)[0] ?? []));
    const platforms = readdirSync("src/platforms").map((name) => `platforms/${name}`);
    for (const room of [...folders, ...platforms]) expect(map).toContain(`| \`${room}\` |`);
  });
});

describe("the files", () => {
  it("hold at most 200 lines, half of them fewer than 80", () => {
    const sizes = sources.map((path) => ({ path, lines: read(path).split("\n").length - 1 }));
    expect(sizes.filter(({ lines }) => lines > 200)).toEqual([]);
    const middle = sizes.map(({ lines }) => lines).sort((a, b) => a - b)[Math.floor(sizes.length / 2)];
    expect(middle).toBeLessThan(80);
  });

  it("take time and chance as arguments where they are pure", () => {
    const bare = /new Date\(\)|Date\.now\(|Math\.random|performance\.now\(/;
    expect(sources.filter((path) => isPure(path) && bare.test(read(path)))).toEqual([]);
  });

  it("never ask the database what time it is for us", () => {
    const asks = /\bnow\(\)|CURRENT_TIMESTAMP|LOCALTIMESTAMP|CURRENT_DATE|transaction_timestamp|statement_timestamp/i;
    const sql = /(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER)\s/;
    const ours = sources.filter((path) => path !== "src/database/migrate.ts");
    const offenders = ours.filter((path) =>
      [...read(path).matchAll(/`[^`]*`/g)].some(([text]) => sql.test(text) && asks.test(text)),
    );
    const migrations = filesUnder("prisma/migrations", ".sql").filter((path) => asks.test(read(path)));
    expect([...offenders, ...migrations]).toEqual([]);
  });

  it("mock nothing of ours", () => {
    const mocks = new RegExp(`vi\\.${"mock"}\\(`);
    expect(filesUnder("test", ".ts").filter((path) => mocks.test(read(path)))).toEqual([]);
  });

  it("name no registry in the lock file", () => {
    expect(read("package-lock.json")).not.toMatch(/"resolved":|https?:\/\/[^"]*registry/);
  });
});
