import { setTimeout as sleep } from "node:timers/promises";
import { phrase } from "../../dialogue/phrase.ts";
import type { Locale } from "../../domain/language.ts";
import { LOCALES } from "../../domain/language.ts";
import type { Api } from "./api.ts";
import type { TelegramParts } from "./parts.ts";
import { UPDATES } from "./read.ts";

const LEASE = "telegram-set-up";
/** Long enough that processes that start together do it once, and no longer: the next start does it again. */
const LEASE_MS = 10_000;
const RETRY_MS = 15_000;
const WATCH_MS = 30_000;

/** The menu beside the text field. */
const COMMANDS = ["todo", "help", "language"] as const;

const told = async <Result>(api: Api, method: string, body: object): Promise<Result> => {
  const answer = await api.ask<Result>(method, body);
  if (answer.ok) return answer.result;
  throw new Error(`${method}: ${answer.why}`);
};

/** Telegram knows languages by two letters; what is set without one serves everybody else. */
const menus = async ({ say }: TelegramParts, api: Api): Promise<void> => {
  const commands = (locale: Locale) =>
    COMMANDS.map((command) => ({ command, description: say(phrase(`telegram.menu.${command}`), locale) }));
  await told(api, "setMyCommands", { commands: commands("en") });
  for (const locale of LOCALES)
    await told(api, "setMyCommands", { commands: commands(locale), language_code: locale.slice(0, 2) });
};

/** Where Telegram posts updates, or that we ask for them, and which commands there are. */
const settle = async (parts: TelegramParts, api: Api): Promise<void> => {
  const { leases, clock, holder, webhook } = parts;
  const real = clock.real();
  if (!(await leases.hold(LEASE, holder, new Date(real.getTime() + LEASE_MS), real))) return;
  if (webhook) {
    const { url, secret } = webhook;
    await told(api, "setWebhook", { url, secret_token: secret, allowed_updates: UPDATES, max_connections: 40 });
  } else await told(api, "deleteWebhook", { drop_pending_updates: false });
  await menus(parts, api);
};

/** Whoever has the token can point the webhook elsewhere and read along: that is noticed, told, and put right. */
const watch = async (parts: TelegramParts, api: Api): Promise<void> => {
  const info = await told<{ readonly url?: string }>(api, "getWebhookInfo", {});
  if ((info.url ?? "") === (parts.webhook?.url ?? "")) return;
  parts.log.error("telegram-webhook-changed", { variable: "TELEGRAM_BOT_TOKEN" });
  await settle(parts, api);
};

/** Makes the bot ready, again and again until Telegram has taken it all; `named` is told the bot's user name. */
export const setUp = (
  parts: TelegramParts,
  api: Api,
  named: (bot: string) => Promise<void>,
): { stop(): Promise<void> } => {
  const over = new AbortController();
  const pause = (ms: number) => sleep(ms, null, { signal: over.signal }).catch(() => {});
  const run = async (): Promise<void> => {
    for (let failures = 0; !over.signal.aborted; failures++) {
      try {
        const me = await told<{ readonly username?: string }>(api, "getMe", {});
        await named(me.username ?? "");
        await settle(parts, api);
        break;
      } catch (err) {
        if (failures === 0) parts.log.warn("telegram-not-set-up", { variable: "TELEGRAM_BOT_TOKEN", err });
        await pause(RETRY_MS);
      }
    }
    for (await pause(WATCH_MS); !over.signal.aborted; await pause(WATCH_MS))
      await watch(parts, api).catch((err) => parts.log.warn("telegram-not-watched", { err }));
  };
  const running = run();
  return {
    stop: () => {
      over.abort();
      return running;
    },
  };
};
