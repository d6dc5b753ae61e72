import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { blockWith, fileIn } from "./blocks.ts";

interface Service {
  readonly [key: string]: unknown;
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly networks: readonly string[];
  readonly command?: readonly string[];
}

const text = readFileSync("compose.yaml", "utf8");
const compose = parse(text, { merge: true });
const services: readonly (readonly [string, Service])[] = Object.entries(compose.services);
const service = (name: string): Service => compose.services[name];

describe("compose.yaml", () => {
  it("is what the Compose specification calls a Compose file", () => {
    // github.com/compose-spec/compose-spec, schema/compose-spec.json of June 2026 (Apache-2.0).
    const { $schema: _, ...schema } = JSON.parse(readFileSync("test/running/compose-spec.json", "utf8"));
    const validate = new Ajv({ strict: false, allErrors: true, logger: false }).compile(schema);
    expect(validate(compose), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...compose, services: { web: { ...service("web"), read_onyl: true } } })).toBe(false);
  });

  it("lets every service do no more than it must, and eat no more than its share", () => {
    expect(services.map(([name]) => name).sort()).toEqual(["migrate", "postgres", "redis", "web", "worker"]);
    for (const [name, each] of services) {
      expect(each, name).toMatchObject({
        ...{ init: true, read_only: true, cap_drop: ["ALL"], security_opt: ["no-new-privileges:true"] },
        ...{ mem_limit: expect.any(String), pids_limit: expect.any(Number), stop_grace_period: expect.any(String) },
      });
      expect(each.restart, name).toBe(name === "migrate" ? "no" : "unless-stopped");
      for (const word of ["privileged", "cap_add", "network_mode", "pid", "devices"])
        expect(each).not.toHaveProperty(word);
      expect(each.image, name).toMatch(/^[\w/]+:\d[\w.-]*$/);
    }
    // What is not ours starts as root otherwise, to change owners that a volume has already.
    expect([service("postgres").user, service("redis").user]).toEqual(["999:999", "999:999"]);
  });

  it("gives nobody a way to the database or to Redis but the service, and the world one port of this machine", () => {
    expect(compose.networks).toEqual({ inside: { internal: true }, outside: {} });
    expect(services.filter(([, each]) => each.ports).map(([name, { ports }]) => [name, ports])).toEqual([
      ["web", ["127.0.0.1:8080:8080"]],
    ]);
    for (const name of ["postgres", "redis", "migrate"]) expect(service(name).networks).toEqual(["inside"]);
  });

  it("hands secrets over as files, to those who need them, and holds none itself", () => {
    for (const [name, { environment = {}, secrets = [] }] of services) {
      const read = Object.values(environment).filter((value) => String(value).startsWith("/run/secrets/"));
      for (const path of read) expect(secrets, name).toContain(String(path).replace("/run/secrets/", ""));
      for (const [variable, value] of Object.entries(environment))
        if (/(_KEY|PASSWORD|DATABASE_URL|REDIS_URL)(_FILE)?$/.test(variable))
          expect([variable, value]).toEqual([
            expect.stringMatching(/_FILE$/),
            expect.stringMatching(/^\/run\/secrets\//),
          ]);
    }
    expect(text).not.toMatch(/:\/\/[^/\s]*:[^/\s]*@/);
    const holders = (secret: string) =>
      services.filter(([, each]) => each.secrets?.includes(secret)).map(([name]) => name);
    expect(holders("owner_url")).toEqual(["migrate"]);
    expect(holders("postgres_password")).toEqual(["postgres"]);
    expect(holders("redis_acl")).toEqual(["redis"]);
    expect(readFileSync(".gitignore", "utf8")).toMatch(/^secrets\/$/m);
  });

  it("starts the service when what it stands on answers, and the queue keeps what it holds", () => {
    for (const name of ["web", "worker"])
      expect(service(name).depends_on).toEqual({
        migrate: { condition: "service_completed_successfully" },
        postgres: { condition: "service_healthy" },
        redis: { condition: "service_healthy" },
      });
    for (const name of ["postgres", "redis"]) expect(service(name).healthcheck).toHaveProperty("test");
    const words = service("redis").command?.join(" ");
    for (const setting of ["--appendonly yes", "--maxmemory-policy noeviction", "--aclfile"])
      expect(words).toContain(setting);
    expect(parseInt(String(service("web").stop_grace_period), 10)).toBeGreaterThan(25);
  });
});

describe("the image", () => {
  const stages = readFileSync("Dockerfile", "utf8")
    .split(/^FROM /m)
    .slice(1);
  const [build = "", last = ""] = stages;

  it("is built from the lock file, with files that exist, and none of the packages' scripts", () => {
    expect(stages).toHaveLength(2);
    expect(build).toContain("RUN npm ci --ignore-scripts\n");
    const allowed = readFileSync(".dockerignore", "utf8")
      .split("\n")
      .filter((line) => line.startsWith("!"));
    for (const [, names = ""] of build.matchAll(/^COPY (.*) \S+$/gm))
      for (const name of names.split(" ")) {
        expect(existsSync(name), name).toBe(true);
        expect(allowed).toContain(`!${name}`);
      }
  });

  it("holds no tool to build or install with, runs without root, and hears its signals itself", () => {
    expect(last).not.toMatch(/npm (ci|install|run)|apt-get|curl/);
    for (const tool of ["npm", "npx", "corepack"])
      expect(last).toMatch(new RegExp(`rm -rf[^&]*/usr/local/bin/${tool}\\b`));
    expect(last).toMatch(/^USER 1000:1000$/m);
    expect(last).toMatch(/^ENTRYPOINT \["node", "\/app\/dist\/src\/main\.js"\]$/m);
    expect(last).toMatch(/^HEALTHCHECK /m);
  });
});

describe("the README's unit for systemd", () => {
  const install = blockWith(/chuanda\.service/);
  const unit = fileIn(install, "/etc/systemd/system/chuanda.service");
  const settings = new Map([...unit.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]));

  it("starts what its installation steps have put there, and gives it time to end", () => {
    expect(settings.get("ExecStart")).toBe("/usr/bin/node /opt/chuanda/dist/src/main.js serve");
    expect(settings.get("EnvironmentFile")).toBe("/etc/chuanda/env");
    expect(fileIn(install, "/etc/chuanda/env")).toMatch(/^DATABASE_URL_FILE=\/etc\/chuanda\/secrets\/database_url$/m);
    expect(Number(settings.get("TimeoutStopSec"))).toBeGreaterThan(25);
    expect(settings.get("Restart")).toBe("on-failure");
  });

  it("keeps it from whatever it does not need, and from what only a migration may read", () => {
    const strict = ["NoNewPrivileges", "PrivateDevices", "PrivateTmp", "ProtectHome", "RestrictSUIDSGID"];
    for (const name of strict) expect(settings.get(name), name).toBe("yes");
    expect(settings.get("ProtectSystem")).toBe("strict");
    expect(settings.get("CapabilityBoundingSet")).toBe("");
    expect(settings.get("InaccessiblePaths")).toContain("/secrets/owner_url");
  });

  it.skipIf(!existsSync("/usr/bin/systemd-analyze"))(
    "is understood by systemd, which finds little to object to",
    () => {
      const folder = mkdtempSync(join(tmpdir(), "chuanda-unit-"));
      const path = join(folder, "chuanda.service");
      writeFileSync(path, unit);
      const ask = (...args: readonly string[]) =>
        spawnSync("systemd-analyze", [...args, path], {
          encoding: "utf8",
          env: { ...process.env, SYSTEMD_COLORS: "0" },
        });
      const verified = ask("verify", "--man=no");
      expect(
        verified.stderr.split("\n").filter((line) => line.includes("chuanda.service")),
        verified.stderr,
      ).toEqual([]);
      const [, exposure] =
        /exposure level for chuanda\.service: ([\d.]+)/.exec(ask("security", "--offline=true").stdout) ?? [];
      expect(Number(exposure)).toBeLessThan(2);
      rmSync(folder, { recursive: true });
    },
  );
});
