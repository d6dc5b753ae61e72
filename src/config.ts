import { z } from "zod";
import { type Phrase, type PhraseKey, phrase } from "./dialogue/phrase.ts";
import { type Locale, localeOf } from "./domain/language.ts";
import { isLoose, readValueFile } from "./value-file.ts";

/** Everything the environment may say, read once. */
export interface Config {
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: URL | null;
  readonly zone: string;
  readonly locale: "zh-CN" | "en";
  /** Base64; null in the embedded form, which makes its own once. */
  readonly secretKey: string | null;
  readonly ledgerKey: string | null;
  /** Who bears it may read the metrics from anywhere. */
  readonly metricsToken: string | null;
  readonly logLevel: string;
  /** Every secret that was given, and every password in an address: what must never be printed, wherever it turns up. */
  readonly secrets: readonly string[];
  /** The variables whose secret lies in a file that others than its owner and group can read, or can change. */
  readonly looseFiles: readonly string[];
  /** Null while the platform is off. */
  readonly telegram: {
    readonly token: string;
    readonly apiRoot: URL;
    /** Null for long polling. */
    readonly webhookSecret: string | null;
    /** Messages a second for the whole bot. */
    readonly rate: number;
  } | null;
}

/** One variable that cannot be used: which, why, and what it could look like. Never its value. */
export class ConfigError extends Error {
  readonly words: Phrase;
  constructor(variable: string, wrong: PhraseKey, example = EXAMPLES[variable] ?? "") {
    super(`${variable}: ${wrong}`);
    this.words = phrase("config.wrong", { variable, wrong: phrase(wrong), example: `${variable}=${example}` });
  }
}

const EXAMPLES: Readonly<Record<string, string>> = {
  DATABASE_URL: "postgresql://chuanda:secret@127.0.0.1:5432/chuanda",
  REDIS_URL: "redis://127.0.0.1:6379/0",
  DATA_DIR: "./data",
  HOST: "127.0.0.1",
  PORT: "8080",
  PUBLIC_URL: "https://notices.example.org",
  TZ_NAME: "Asia/Shanghai",
  DEFAULT_LOCALE: "zh-CN",
  SECRET_KEY: "$(openssl rand -base64 32)",
  LEDGER_KEY: '"$(openssl genpkey -algorithm ed25519)"',
  METRICS_TOKEN: "$(openssl rand -hex 32)",
  LOG_LEVEL: "info",
  TELEGRAM_BOT_TOKEN: "123456789:AAE-example-of-a-token-from-BotFather",
  TELEGRAM_API_ROOT: "https://api.telegram.org",
  TELEGRAM_WEBHOOK_SECRET: "$(openssl rand -hex 32)",
  TELEGRAM_RATE: "28.5",
};

/** The platform's published limit for the whole bot (core.telegram.org/bots/faq), and a little less. */
const TELEGRAM_PER_SECOND = 30 * 0.95;

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const urlOf = (protocols: readonly string[], wrong: PhraseKey) =>
  z.string().transform((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url && protocols.includes(url.protocol)) return url;
    context.addIssue({ code: "custom", message: wrong });
    return z.NEVER;
  });

const isZone = (name: string): boolean => {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
};

const schema = z.object({
  DATABASE_URL: urlOf(["postgresql:", "postgres:"], "config.not-postgres").nullable().default(null),
  REDIS_URL: urlOf(["redis:", "rediss:"], "config.not-redis").nullable().default(null),
  DATA_DIR: z.string().min(1, "config.empty").default("./data"),
  HOST: z.string().min(1, "config.empty").default("127.0.0.1"),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, "config.not-port")
    .transform(Number)
    .refine((port) => port <= 65_535, "config.not-port")
    .default(8080),
  PUBLIC_URL: urlOf(["https:", "http:"], "config.not-url")
    .refine((url) => url.protocol === "https:" || LOOPBACK.test(url.hostname), "config.not-https")
    .nullable()
    .default(null),
  TZ_NAME: z.string().refine(isZone, "config.not-zone").default("Asia/Shanghai"),
  DEFAULT_LOCALE: z.enum(["zh-CN", "en"], "config.not-locale").default("zh-CN"),
  SECRET_KEY: z.string().nullable().default(null),
  LEDGER_KEY: z.string().nullable().default(null),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\w.~+/=-]{16,}$/, "config.not-token")
    .nullable()
    .default(null),
  TELEGRAM_BOT_TOKEN: z
    .string()
    .regex(/^\d{1,16}:[\w-]{6,}$/, "config.not-telegram-token")
    .nullable()
    .default(null),
  TELEGRAM_API_ROOT: urlOf(["https:", "http:"], "config.not-url")
    .refine((url) => url.pathname === "/", "config.not-origin")
    .default(new URL("https://api.telegram.org")),
  TELEGRAM_WEBHOOK_SECRET: z
    .string()
    .regex(/^[\w-]{1,256}$/, "config.not-webhook-secret")
    .nullable()
    .default(null),
  TELEGRAM_RATE: z
    .string()
    .transform(Number)
    .refine((rate) => rate > 0 && rate <= 10_000, "config.not-rate")
    .default(TELEGRAM_PER_SECOND),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"], "config.not-level").default("info"),
});

/** Whoever knows one of these can read, sign, or get at the data. */
const SECRETS = [
  ...(["DATABASE_URL", "REDIS_URL", "SECRET_KEY", "LEDGER_KEY"] as const),
  ...(["TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET"] as const),
];

type Environment = Readonly<Record<string, string | undefined>>;

const fromFile = (name: string, path: string): string => {
  const content = readValueFile(path);
  if (typeof content === "string") return content;
  throw new ConfigError(`${name}_FILE`, content.wrong, `/run/secrets/${name.toLowerCase()}`);
};

const given = (environment: Environment): Record<string, string> => {
  const values: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const direct = environment[name];
    const path = environment[`${name}_FILE`];
    if (direct && path) throw new ConfigError(name, "config.twice");
    if (path) values[name] = fromFile(name, path);
    else if (direct) values[name] = direct;
  }
  return values;
};

const checked = (environment: Environment): z.infer<typeof schema> => {
  const parsed = schema.safeParse(given(environment));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const name = String(issue?.path[0]);
    throw new ConfigError(name, issue?.message as PhraseKey);
  }
  for (const name of ["SECRET_KEY", "LEDGER_KEY"] as const)
    if (parsed.data.DATABASE_URL && !parsed.data[name]) throw new ConfigError(name, "config.missing");
  const { PUBLIC_URL, TELEGRAM_BOT_TOKEN, TELEGRAM_WEBHOOK_SECRET } = parsed.data;
  if (PUBLIC_URL && TELEGRAM_BOT_TOKEN && !TELEGRAM_WEBHOOK_SECRET)
    throw new ConfigError("TELEGRAM_WEBHOOK_SECRET", "config.missing-webhook-secret");
  return parsed.data;
};

/** The files that values come from. */
export const readFiles = (
  environment: Environment = process.env,
): readonly { readonly variable: string; readonly path: string }[] =>
  Object.keys(schema.shape).flatMap((name) => {
    const path = environment[`${name}_FILE`];
    return path ? [{ variable: `${name}_FILE`, path }] : [];
  });

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** A key that is being replaced stands beside its successor; an address holds a password, in which %40 may stand for @. */
const secretsOf = (values: z.infer<typeof schema>): readonly string[] => {
  const { SECRET_KEY, LEDGER_KEY, DATABASE_URL, REDIS_URL, TELEGRAM_BOT_TOKEN, TELEGRAM_WEBHOOK_SECRET } = values;
  const keys = (SECRET_KEY ?? "").split(",").map((key) => key.trim());
  const tokens = [LEDGER_KEY, TELEGRAM_BOT_TOKEN, TELEGRAM_WEBHOOK_SECRET].map((secret) => secret ?? "");
  const passwords = [DATABASE_URL, REDIS_URL].flatMap((url) => [url?.password ?? "", decoded(url?.password ?? "")]);
  return [...new Set([...keys, ...tokens, ...passwords])].filter((secret) => secret !== "");
};

/** Reads and checks the environment. Throws `ConfigError` for the first value that cannot be used. */
export const readConfig = (environment: Environment = process.env): Config => {
  const values = checked(environment);
  return {
    databaseUrl: values.DATABASE_URL?.href ?? null,
    redisUrl: values.REDIS_URL?.href ?? null,
    dataDir: values.DATA_DIR,
    host: values.HOST,
    port: values.PORT,
    publicUrl: values.PUBLIC_URL,
    zone: values.TZ_NAME,
    locale: values.DEFAULT_LOCALE,
    secretKey: values.SECRET_KEY,
    ledgerKey: values.LEDGER_KEY,
    metricsToken: values.METRICS_TOKEN,
    logLevel: values.LOG_LEVEL,
    secrets: secretsOf(values),
    looseFiles: SECRETS.map((name) => `${name}_FILE`).filter((name) => {
      const path = environment[name];
      return path ? isLoose(path) : false;
    }),
    telegram: values.TELEGRAM_BOT_TOKEN
      ? {
          token: values.TELEGRAM_BOT_TOKEN,
          apiRoot: values.TELEGRAM_API_ROOT,
          webhookSecret: values.TELEGRAM_WEBHOOK_SECRET,
          rate: values.TELEGRAM_RATE,
        }
      : null,
  };
};

/** Takes what was read out of the environment, so that no child process and no dump of this one carries it on. */
export const forgetSecrets = (environment: Record<string, string | undefined> = process.env): void => {
  for (const name of SECRETS) delete environment[name];
};

/** How to speak to the terminal before anything else is known, or wrong: in its own language, else the installation's. */
export const readTerminal = (
  environment: Environment = process.env,
): { readonly locale: Locale; readonly zone: string } => {
  const { LC_ALL, LC_MESSAGES, LANG, DEFAULT_LOCALE, TZ_NAME } = environment;
  const locale = localeOf(LC_ALL || LC_MESSAGES || LANG) ?? localeOf(DEFAULT_LOCALE) ?? "zh-CN";
  return { locale, zone: TZ_NAME && isZone(TZ_NAME) ? TZ_NAME : "Asia/Shanghai" };
};
