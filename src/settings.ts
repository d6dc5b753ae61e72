import { z } from "zod";
import type { PhraseKey } from "./dialogue/phrase.ts";
import { clockMillis } from "./domain/due.ts";

/** What each could look like. */
export const EXAMPLES: Readonly<Record<string, string>> = {
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
  FALLBACK_AFTER: "4h",
  PUSH_HOURS: "working",
  HEARTBEAT_URL: "https://heartbeat.example.org/chuanda",
  TELEGRAM_BOT_TOKEN: "123456789:AAE-example-of-a-token-from-BotFather",
  TELEGRAM_API_ROOT: "https://api.telegram.org",
  TELEGRAM_WEBHOOK_SECRET: "$(openssl rand -hex 32)",
  TELEGRAM_RATE: "28.5",
  SLACK_BOT_TOKEN: "xoxb-1234567890-example-of-a-bot-token",
  SLACK_SIGNING_SECRET: "0123456789abcdef0123456789abcdef",
  SLACK_APP_TOKEN: "xapp-1-A0123456789-example-of-an-app-token",
  SLACK_API_URL: "https://slack.com/api/",
  SLACK_RATE: "3.8",
  SLACK_EMAIL_DOMAINS: "example.org,example.com",
};

/** The platform's published limit for the whole bot (core.telegram.org/bots/faq), and a little less. */
const TELEGRAM_PER_SECOND = 30 * 0.95;

/**
 * Slack publishes no number for a workspace, only "several hundred messages a minute" (docs.slack.dev/apis/web-api/rate-limits):
 * 240, and a little less.
 */
const SLACK_PER_SECOND = 4 * 0.95;

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const urlOf = (protocols: readonly string[], wrong: PhraseKey) =>
  z.string().transform((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url && protocols.includes(url.protocol)) return url;
    context.addIssue({ code: "custom", message: wrong });
    return z.NEVER;
  });

export const isZone = (name: string): boolean => {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
};

/** Messages a second. */
const rate = (published: number) =>
  z
    .string()
    .transform(Number)
    .refine((given) => given > 0 && given <= 10_000, "config.not-rate")
    .default(published);

/** Every variable: how it is read, what it may be, and what it is where nothing is said. */
export const settings = z.object({
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
  FALLBACK_AFTER: z
    .string()
    .regex(/^[1-9]\d{0,3}[mhd]$/, "config.not-duration")
    .transform((text) => clockMillis(text) ?? 0)
    .default(4 * 3_600_000),
  PUSH_HOURS: z.enum(["working", "always"], "config.not-push-hours").default("working"),
  HEARTBEAT_URL: urlOf(["https:", "http:"], "config.not-url").nullable().default(null),
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
  TELEGRAM_RATE: rate(TELEGRAM_PER_SECOND),
  SLACK_BOT_TOKEN: z
    .string()
    .regex(/^xox[be]-[\w-]{6,}$/, "config.not-slack-token")
    .nullable()
    .default(null),
  SLACK_SIGNING_SECRET: z
    .string()
    .regex(/^[\w-]{16,128}$/, "config.not-signing-secret")
    .nullable()
    .default(null),
  SLACK_APP_TOKEN: z
    .string()
    .regex(/^xapp-[\w-]{6,}$/, "config.not-app-token")
    .nullable()
    .default(null),
  SLACK_API_URL: urlOf(["https:", "http:"], "config.not-url")
    .refine((url) => url.pathname.endsWith("/"), "config.no-slash")
    .default(new URL("https://slack.com/api/")),
  SLACK_RATE: rate(SLACK_PER_SECOND),
  SLACK_EMAIL_DOMAINS: z
    .string()
    .toLowerCase()
    .regex(/^[\w.-]+(\s*,\s*[\w.-]+)*$/, "config.not-domains")
    .transform((text): readonly string[] => text.split(",").map((domain) => domain.trim()))
    .default([]),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"], "config.not-level").default("info"),
});
