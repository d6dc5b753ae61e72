import type { z } from "zod";
import { type Phrase, type PhraseKey, phrase } from "./dialogue/phrase.ts";
import { type Locale, localeOf } from "./domain/language.ts";
import { EXAMPLES, isZone, settings } from "./settings.ts";
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
  /** How long a person has for an answer on one platform before they are asked on the next, in milliseconds. */
  readonly fallBackMs: number;
  /** Ordinary pushes go out at any hour, as many as there are: for drills, and for shifts round the clock. */
  readonly pushAlways: boolean;
  /** Where it is told every minute that the clock goes right; null for nowhere. */
  readonly heartbeatUrl: URL | null;
  /** Null while the platform is off. */
  readonly telegram: {
    readonly token: string;
    readonly apiRoot: URL;
    /** Null for long polling. */
    readonly webhookSecret: string | null;
    /** Messages a second for the whole bot. */
    readonly rate: number;
  } | null;
  readonly slack: {
    readonly token: string;
    readonly apiUrl: URL;
    /** Posted to us and signed, or over sockets. */
    readonly inbound: { readonly signingSecret: string } | { readonly appToken: string };
    /** Messages a second for the whole workspace. */
    readonly rate: number;
    /** A file may name people by e-mail addresses of these domains. */
    readonly emailDomains: readonly string[];
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

/** Whoever knows one of these can read, sign, or get at the data. */
const TOKENS = [
  ...(["TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET"] as const),
  ...(["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"] as const),
];
const SECRETS = [...(["DATABASE_URL", "REDIS_URL", "SECRET_KEY", "LEDGER_KEY"] as const), ...TOKENS];

type Environment = Readonly<Record<string, string | undefined>>;

const fromFile = (name: string, path: string): string => {
  const content = readValueFile(path);
  if (typeof content === "string") return content;
  throw new ConfigError(`${name}_FILE`, content.wrong, `/run/secrets/${name.toLowerCase()}`);
};

const given = (environment: Environment): Record<string, string> => {
  const values: Record<string, string> = {};
  for (const name of Object.keys(settings.shape)) {
    const direct = environment[name];
    const path = environment[`${name}_FILE`];
    if (direct && path) throw new ConfigError(name, "config.twice");
    if (path) values[name] = fromFile(name, path);
    else if (direct) values[name] = direct;
  }
  return values;
};

const checked = (environment: Environment): z.infer<typeof settings> => {
  const parsed = settings.safeParse(given(environment));
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
  const { SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET, SLACK_APP_TOKEN } = parsed.data;
  if (SLACK_BOT_TOKEN && !SLACK_SIGNING_SECRET && !SLACK_APP_TOKEN)
    throw new ConfigError("SLACK_SIGNING_SECRET", "config.missing-signing-secret");
  if (SLACK_APP_TOKEN && !SLACK_BOT_TOKEN) throw new ConfigError("SLACK_BOT_TOKEN", "config.missing-bot-token");
  return parsed.data;
};

/** The files that values come from. */
export const readFiles = (
  environment: Environment = process.env,
): readonly { readonly variable: string; readonly path: string }[] =>
  Object.keys(settings.shape).flatMap((name) => {
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
const secretsOf = (values: z.infer<typeof settings>): readonly string[] => {
  const { SECRET_KEY, DATABASE_URL, REDIS_URL } = values;
  const keys = (SECRET_KEY ?? "").split(",").map((key) => key.trim());
  const tokens = ["LEDGER_KEY" as const, ...TOKENS].map((name) => values[name] ?? "");
  const passwords = [DATABASE_URL, REDIS_URL].flatMap((url) => [url?.password ?? "", decoded(url?.password ?? "")]);
  return [...new Set([...keys, ...tokens, ...passwords])].filter((secret) => secret !== "");
};

/** With an app token over sockets, which need no address of ours; else Slack posts to us. */
const slackOf = (values: z.infer<typeof settings>): Config["slack"] => {
  const { SLACK_BOT_TOKEN: token, SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = values;
  const inbound = appToken ? { appToken } : signingSecret ? { signingSecret } : null;
  if (!token || !inbound) return null;
  const { SLACK_API_URL: apiUrl, SLACK_RATE: rate, SLACK_EMAIL_DOMAINS: emailDomains } = values;
  return { token, apiUrl, inbound, rate, emailDomains };
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
    fallBackMs: values.FALLBACK_AFTER,
    pushAlways: values.PUSH_HOURS === "always",
    heartbeatUrl: values.HEARTBEAT_URL,
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
    slack: slackOf(values),
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
