import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { startPostgres, startRedis } from "../setup/database.ts";
import { blockWith } from "./blocks.ts";

const roles = fileURLToPath(new URL("../../prisma/roles.sql", import.meta.url));

/** psql, as the README has it run. */
const psql = (url: string, input: string): void =>
  void execFileSync("psql", ["-q", url], { input, stdio: ["pipe", "ignore", "pipe"] });

/** An installation made with the README's own commands: its secrets, its roles in PostgreSQL, its user in Redis. */
export const canaryInstallation = async () => {
  const folder = mkdtempSync(join(tmpdir(), "chuanda-canary-"));
  const dir = join(folder, "secrets");
  execFileSync("sh", ["-euc", blockWith(/openssl genpkey/)], {
    env: { ...process.env, dir, group: String(process.getgid?.()), postgres: "127.0.0.1", redis: "127.0.0.1" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const secret = (name: string): string => readFileSync(join(dir, name), "utf8").trim();
  const acl = join(tmpdir(), `${folder.split("/").at(-1)}.acl`);
  writeFileSync(acl, `${secret("redis.acl")}\nuser inspector on >inspector ~* &* +@all\n`, { mode: 0o644 });

  const [postgres, redis] = await Promise.all([
    startPostgres(),
    startRedis({
      persistence: "aof",
      options: ["--aclfile", acl, "--aof-use-rdb-preamble", "no"],
      user: "inspector:inspector@",
    }),
  ]);
  const setting = (name: string) => `\\set ${name} `;
  const passwords = `${setting("owner_password")}${secret("owner_password")}\n${setting("password")}${secret("database_password")}\n`;
  // Everything that reaches the database stands in its log, with its parameters; but not how the roles were made.
  psql(postgres.url, passwords + readFileSync(roles, "utf8"));
  psql(postgres.url, "ALTER SYSTEM SET log_statement = 'all'; SELECT pg_reload_conf();");

  const here = (name: string, server: { readonly url: string }): void => {
    const url = new URL(secret(name));
    url.port = new URL(server.url).port;
    writeFileSync(join(dir, name), `${url.href}\n`, { mode: 0o640 });
  };
  here("owner_url", postgres);
  here("database_url", postgres);
  here("redis_url", redis);
  const file = (name: string) => join(dir, name);
  const superuser = new URL(postgres.url);
  superuser.pathname = "/chuanda";
  const client = new Client({ connectionString: superuser.href });
  await client.connect();
  client.on("error", () => {});
  const { rows } = await client.query("SHOW data_directory");
  return {
    dir,
    secret,
    postgres,
    redis,
    client,
    /** As an administrator who may see everything. */
    inspector: redis.url,
    databaseLog: () => readFileSync(join(dirname(rows[0].data_directory), "log"), "utf8"),
    dump: () => execFileSync("pg_dump", [superuser.href], { encoding: "utf8", maxBuffer: 256 * 1024 * 1024 }),
    owner: { DATABASE_URL_FILE: file("owner_url") },
    environment: {
      DATABASE_URL_FILE: file("database_url"),
      REDIS_URL_FILE: file("redis_url"),
      SECRET_KEY_FILE: file("secret_key"),
      LEDGER_KEY_FILE: file("ledger_key"),
    },
    stop: async () => {
      await client.end().catch(() => {});
      await Promise.all([postgres.stop(), redis.stop()]);
      rmSync(folder, { recursive: true, force: true });
      rmSync(acl, { force: true });
    },
  };
};
