import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConfigError, forgetSecrets, readConfig, readTerminal } from "../src/config.ts";
import type { Locale } from "../src/domain/language.ts";
import { speaker } from "../src/locale/speaker.ts";

let folder: string;
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "chuanda-config-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What an operator is told in each language; the error's own message is for a trace. */
const refused = (environment: Record<string, string>): Readonly<Record<Locale | "trace", string>> => {
  try {
    readConfig(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { say } = speaker(() => new Date(0), "Asia/Shanghai");
    return { en: say(error.words, "en"), "zh-CN": say(error.words, "zh-CN"), trace: error.message };
  }
  throw new Error(`nothing is wrong with ${Object.keys(environment)}`);
};

const KEYS = { SECRET_KEY: "c2VjcmV0LXNlY3JldA==", LEDGER_KEY: "bGVkZ2VyLWxlZGdlcg==" };
const POSTGRES = "postgresql://chuanda:hunter2@db.example:5432/chuanda?sslmode=require";

describe("what the environment says", () => {
  it("may be nothing: then it is a trial on this machine", () => {
    expect(readConfig({})).toEqual({
      databaseUrl: null,
      redisUrl: null,
      dataDir: "./data",
      host: "127.0.0.1",
      port: 8080,
      publicUrl: null,
      zone: "Asia/Shanghai",
      locale: "zh-CN",
      secretKey: null,
      ledgerKey: null,
      metricsToken: null,
      fallBackMs: 14_400_000,
      pushAlways: false,
      heartbeatUrl: null,
      telegram: null,
      slack: null,
      logLevel: "info",
      secrets: [],
      looseFiles: [],
    });
  });

  it("is taken as it stands", () => {
    expect(
      readConfig({
        ...KEYS,
        DATABASE_URL: POSTGRES,
        REDIS_URL: "rediss://:pw@redis.example:6380/2",
        DATA_DIR: "/var/lib/chuanda",
        HOST: "::",
        PORT: "0",
        PUBLIC_URL: "https://notices.example.org/",
        TZ_NAME: "Asia/Urumqi",
        DEFAULT_LOCALE: "en",
        METRICS_TOKEN: "0123456789abcdef",
        FALLBACK_AFTER: "30m",
        PUSH_HOURS: "always",
        HEARTBEAT_URL: "https://heartbeat.example.org/chuanda",
        TELEGRAM_BOT_TOKEN: "7000000001:AAE-token_of-a-test",
        TELEGRAM_API_ROOT: "http://127.0.0.1:8081",
        TELEGRAM_WEBHOOK_SECRET: "a-word_of-ours",
        TELEGRAM_RATE: "1000",
        SLACK_BOT_TOKEN: "xoxb-token-of-a-test",
        SLACK_SIGNING_SECRET: "0123456789abcdef-signs",
        SLACK_API_URL: "http://127.0.0.1:8082/api/",
        SLACK_RATE: "10",
        SLACK_EMAIL_DOMAINS: "Example.org, example.com",
        LOG_LEVEL: "debug",
        HOME: "/root",
      }),
    ).toEqual({
      databaseUrl: POSTGRES,
      redisUrl: "rediss://:pw@redis.example:6380/2",
      dataDir: "/var/lib/chuanda",
      host: "::",
      port: 0,
      publicUrl: new URL("https://notices.example.org/"),
      zone: "Asia/Urumqi",
      locale: "en",
      secretKey: KEYS.SECRET_KEY,
      ledgerKey: KEYS.LEDGER_KEY,
      metricsToken: "0123456789abcdef",
      fallBackMs: 1_800_000,
      pushAlways: true,
      heartbeatUrl: new URL("https://heartbeat.example.org/chuanda"),
      telegram: {
        token: "7000000001:AAE-token_of-a-test",
        apiRoot: new URL("http://127.0.0.1:8081"),
        webhookSecret: "a-word_of-ours",
        rate: 1_000,
      },
      slack: {
        token: "xoxb-token-of-a-test",
        apiUrl: new URL("http://127.0.0.1:8082/api/"),
        inbound: { signingSecret: "0123456789abcdef-signs" },
        rate: 10,
        emailDomains: ["example.org", "example.com"],
      },
      logLevel: "debug",
      secrets: [
        ...[KEYS.SECRET_KEY, KEYS.LEDGER_KEY, "7000000001:AAE-token_of-a-test", "a-word_of-ours"],
        ...["xoxb-token-of-a-test", "0123456789abcdef-signs", "hunter2", "pw"],
      ],
      looseFiles: [],
    });
  });

  it("counts as not said where it is empty, as an .env file leaves it", () => {
    expect(readConfig({ DATABASE_URL: "", PORT: "", SECRET_KEY: "", TZ_NAME: "" })).toEqual(readConfig({}));
  });

  it.each([
    "http://localhost:8080",
    "http://127.0.0.1",
    "http://127.9.9.9:1",
    "http://[::1]:8080",
    "https://a.example",
  ])("takes %s as a public address", (url) => {
    expect(readConfig({ PUBLIC_URL: url }).publicUrl?.href).toBe(new URL(url).href);
  });
});

describe("what cannot be used", () => {
  it.each([
    ["DATABASE_URL", "mysql://db.example/chuanda", "is no PostgreSQL address"],
    ["DATABASE_URL", "chuanda", "is no PostgreSQL address"],
    ["REDIS_URL", "http://127.0.0.1:6379", "is no Redis address"],
    ["PORT", "http", "is no port from 0 to 65535"],
    ["PORT", "80.5", "is no port from 0 to 65535"],
    ["PORT", "65536", "is no port from 0 to 65535"],
    ["PORT", "-1", "is no port from 0 to 65535"],
    ["PORT", "0x1F90", "is no port from 0 to 65535"],
    ["PORT", "1e3", "is no port from 0 to 65535"],
    ["PORT", " ", "is no port from 0 to 65535"],
    ["PUBLIC_URL", "notices.example.org", "is no web address"],
    ["PUBLIC_URL", "ftp://notices.example.org", "is no web address"],
    ["PUBLIC_URL", "http://notices.example.org", "must be https, except on this machine"],
    ["PUBLIC_URL", "http://127.0.0.1.example.org", "must be https, except on this machine"],
    ["PUBLIC_URL", "http://localhost.example.org", "must be https, except on this machine"],
    ["TZ_NAME", "Asia/Peking-ish", "is no IANA time zone"],
    ["TZ_NAME", "Beijing time", "is no IANA time zone"],
    ["DEFAULT_LOCALE", "zh", "is neither zh-CN nor en"],
    ["DEFAULT_LOCALE", "constructor", "is neither zh-CN nor en"],
    ["LOG_LEVEL", "loud", "is no log level"],
  ])("%s=%s %s: one line with an example that can be used", (name, value, wrong) => {
    const told = refused({ [name]: value });
    const before = `The environment variable ${name} ${wrong}; for example ${name}=`;
    expect(told.en.startsWith(before)).toBe(true);
    expect(told["zh-CN"].startsWith(`环境变量 ${name} `)).toBe(true);
    for (const words of Object.values(told)) expect(words).not.toContain("\n");
    expect(() => readConfig({ ...KEYS, [name]: told.en.slice(before.length) })).not.toThrow();
    expect(told["zh-CN"].endsWith(`${name}=${told.en.slice(before.length)}`)).toBe(true);
  });

  it.each(["SECRET_KEY", "LEDGER_KEY"] as const)("with a server's database %s may not be missing", (name) => {
    const { [name]: _, ...rest } = KEYS;
    expect(refused({ ...rest, DATABASE_URL: POSTGRES }).en).toContain(
      `${name} is missing, and is required with DATABASE_URL; for example ${name}=`,
    );
  });

  it("is told one at a time", () => {
    const { en } = refused({ PORT: "x", TZ_NAME: "y" });
    expect(en).toContain("PORT");
    expect(en).not.toContain("TZ_NAME");
  });

  it("is never shown itself", () => {
    const secrets = { SECRET_KEY: "geheim-1", LEDGER_KEY: "geheim-2" };
    const told = [
      refused({ ...secrets, DATABASE_URL: "mysql://u:geheim-3@h/d" }),
      refused({ ...secrets, DATABASE_URL: POSTGRES, SECRET_KEY: "" }),
      refused({ ...secrets, REDIS_URL: "geheim-4" }),
      refused({ ...secrets, SECRET_KEY_FILE: file("twice", "geheim-5") }),
      refused({ DATABASE_URL_FILE: file("url", "mysql://u:geheim-6@h/d") }),
      refused({ ...secrets, PUBLIC_URL: "http://u:geheim-7@h.example" }),
    ];
    for (const words of told.flatMap((one) => Object.values(one))) expect(words).not.toMatch(/geheim|hunter2/u);
  });
});

describe("a value from a file", () => {
  it("stands for the value, without the newline at its end", () => {
    const config = readConfig({
      DATABASE_URL_FILE: file("database", `${POSTGRES}\n`),
      SECRET_KEY_FILE: file("secret", `${KEYS.SECRET_KEY}\r\n`),
      LEDGER_KEY_FILE: file("ledger", "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n"),
      PORT_FILE: file("port", "9090"),
    });
    expect(config).toMatchObject({
      databaseUrl: POSTGRES,
      secretKey: KEYS.SECRET_KEY,
      ledgerKey: "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----",
      port: 9090,
    });
  });

  it("is checked like any other", () => {
    expect(refused({ PORT_FILE: file("bad-port", "many") }).en).toContain("PORT is no port");
  });

  it("may not be given in both forms", () => {
    expect(refused({ PORT: "80", PORT_FILE: file("both", "80") }).en).toBe(
      "The environment variable PORT is given twice, also with _FILE; for example PORT=8080",
    );
  });

  it("must be there and be of a sensible size", () => {
    expect(refused({ SECRET_KEY_FILE: join(folder, "nowhere") }).en).toBe(
      "The environment variable SECRET_KEY_FILE names a file that cannot be read; for example SECRET_KEY_FILE=/run/secrets/secret_key",
    );
    for (const path of [folder, "/dev/zero"])
      expect(refused({ SECRET_KEY_FILE: path }).en).toContain("SECRET_KEY_FILE names a file that cannot be read");
    expect(refused({ SECRET_KEY_FILE: file("large", Buffer.alloc(70_000)) }).en).toContain("too large");
  });

  it("may not be empty: a secret that was never written is no choice to have none", () => {
    for (const name of ["SECRET_KEY", "LEDGER_KEY", "DATABASE_URL", "PORT"])
      expect(refused({ [`${name}_FILE`]: file(`${name}-empty`, "\n") }).en).toContain(
        `${name}_FILE names a file that is empty`,
      );
  });
});

describe("a secret", () => {
  it("in a file that others can read or change is told by the name of its variable", () => {
    const told = [0o600, 0o640, 0o440, 0o400, 0o644, 0o660, 0o604].map((mode) => {
      const path = file(`mode-${mode}`, KEYS.SECRET_KEY);
      chmodSync(path, mode);
      return readConfig({ SECRET_KEY_FILE: path, PORT_FILE: file("port-for-all", "80") }).looseFiles;
    });
    expect(told).toEqual([[], [], [], [], ["SECRET_KEY_FILE"], ["SECRET_KEY_FILE"], ["SECRET_KEY_FILE"]]);
  });

  it("is known as it was given and as it may turn up: each key, and a password in an address both ways", () => {
    const { secrets } = readConfig({
      DATABASE_URL: "postgresql://chuanda:p%40ss%zz@db.example/chuanda",
      REDIS_URL: "redis://chuanda:gr%C3%BC%C3%9Fe@redis.example",
      SECRET_KEY: "new-one, old-one",
      LEDGER_KEY: "ledger-one",
    });
    expect(secrets).toEqual(["new-one", "old-one", "ledger-one", "p%40ss%zz", "gr%C3%BC%C3%9Fe", "grüße"]);
  });

  it("is taken out of the environment once it was read, with whatever a child of the process needs left in it", () => {
    const environment: Record<string, string | undefined> = {
      ...KEYS,
      DATABASE_URL: POSTGRES,
      PORT: "80",
      PATH: "/bin",
    };
    readConfig(environment);
    forgetSecrets(environment);
    expect(environment).toEqual({ PORT: "80", PATH: "/bin" });
  });
});

describe("how to speak to the terminal", () => {
  it.each([
    [{}, "zh-CN"],
    [{ LANG: "en_US.UTF-8" }, "en"],
    [{ LANG: "en_US.UTF-8", DEFAULT_LOCALE: "zh-CN" }, "en"],
    [{ LANG: "C.UTF-8", DEFAULT_LOCALE: "en" }, "en"],
    [{ LANG: "en_US.UTF-8", LC_ALL: "zh_CN.UTF-8" }, "zh-CN"],
    [{ LANG: "zh_CN.UTF-8", LC_MESSAGES: "en_GB" }, "en"],
    [{ LANG: "ii_CN", DEFAULT_LOCALE: "nonsense" }, "zh-CN"],
  ])("%j: %s", (environment, locale) => {
    expect(readTerminal(environment).locale).toBe(locale);
  });

  it("is in the installation's zone, even where that is nonsense", () => {
    expect(readTerminal({ TZ_NAME: "Asia/Urumqi" }).zone).toBe("Asia/Urumqi");
    expect(readTerminal({ TZ_NAME: "nonsense" }).zone).toBe("Asia/Shanghai");
  });
});

it("is all in .env.example, and in the README", () => {
  const [example, readme] = [".env.example", "README.md"].map((path) => readFileSync(path, "utf8"));
  const source = readFileSync("src/settings.ts", "utf8");
  const names = [...source.matchAll(/^ {2}([A-Z][A-Z_]+): (?:z\.|z$|urlOf)/gm)].map(([, name = ""]) => name);
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) {
    expect(example).toMatch(new RegExp(`^# ${name}(_FILE)?=`, "m"));
    expect(readme).toContain(`\`${name}\``);
  }
});
