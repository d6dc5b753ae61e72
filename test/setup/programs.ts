import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** Where the real parts that the tests run against lie on this machine. */
export interface Programs {
  /** The folder of `initdb` and `postgres`. */
  readonly postgres: string | null;
  readonly redis: string | null;
  readonly chromium: string | null;
}

const OLDEST_POSTGRES = 15;
const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC_BROWSERS = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const onPath = (name: string, also: readonly string[] = []): string | null =>
  [...(process.env.PATH ?? "").split(delimiter), "/usr/local/bin", "/opt/homebrew/bin", ...also]
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file)) ?? null;

const versions = (folder: string, name: RegExp): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((entry) => Number(name.exec(entry)?.[1] ?? 0) >= OLDEST_POSTGRES)
        .sort()
    : [];

/** The oldest version that is supported, where there are several: what works there works everywhere. */
const findPostgres = (): string | null => {
  const folders = [
    ...versions("/usr/lib/postgresql", /^(\d+)$/).map((version) => `/usr/lib/postgresql/${version}/bin`),
    ...versions("/opt/homebrew/opt", /^postgresql@(\d+)$/).map((version) => `/opt/homebrew/opt/${version}/bin`),
  ];
  const initdb = folders.find((folder) => existsSync(join(folder, "initdb")));
  if (initdb) return initdb;
  const found = onPath("initdb");
  return found && existsSync(join(dirname(found), "postgres")) ? dirname(found) : null;
};

const findRedis = (): string | null => onPath("redis-server", ["/usr/sbin"]) ?? onPath("valkey-server");

const findChromium = (): string | null => {
  for (const browser of BROWSERS) {
    const found = onPath(browser);
    if (found) return found;
  }
  return MAC_BROWSERS.find((file) => existsSync(file)) ?? null;
};

/** Debian's packages, without their services being started. */
const install = (packages: readonly string[]): void => {
  if (packages.length === 0 || process.getuid?.() !== 0 || !onPath("apt-get")) return;
  console.warn(`Installing what the tests need: ${packages.join(", ")}`);
  const clusters = "/etc/postgresql-common/createcluster.conf";
  if (packages.includes("postgresql") && !existsSync(clusters)) {
    mkdirSync(dirname(clusters), { recursive: true });
    writeFileSync(clusters, "create_main_cluster = false\n");
  }
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const run = (args: readonly string[]) => spawnSync("apt-get", args, { env, stdio: ["ignore", "ignore", "inherit"] });
  run(["update", "-qq"]);
  run(["install", "-y", "-qq", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold", ...packages]);
};

/** What there is, after installing what is missing where that is possible: servers always, a browser with CI=true. */
export const findPrograms = (): Programs => {
  const givenPostgres = process.env.TEST_DATABASE_URL !== undefined;
  const givenRedis = process.env.TEST_REDIS_URL !== undefined;
  const missing: string[] = [];
  if (!givenPostgres && !findPostgres()) missing.push("postgresql");
  if (!givenRedis && !findRedis()) missing.push("redis-server");
  if (process.env.CI && !findChromium()) missing.push("chromium", "fonts-noto-cjk");
  install(missing);
  return { postgres: findPostgres(), redis: findRedis(), chromium: findChromium() };
};
