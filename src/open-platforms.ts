import { randomUUID } from "node:crypto";
import type { Config } from "./config.ts";
import type { Phrase } from "./dialogue/phrase.ts";
import type { Locale } from "./domain/language.ts";
import { openHttp } from "./http/open-http.ts";
import type { Installation } from "./installation.ts";
import { examineTelegram } from "./platforms/telegram/examine.ts";
import { telegramPlatform } from "./platforms/telegram/telegram.ts";
import { WEBHOOK_PATH } from "./platforms/telegram/webhook.ts";
import type { ChatPlatform } from "./ports/chat-platform.ts";
import type { Examination } from "./ports/examination.ts";

/** Requests to a platform that may be under way at once in one process. */
const CONNECTIONS = 32;

const webhookOf = ({ telegram, publicUrl }: Config) =>
  telegram && publicUrl && telegram.webhookSecret !== null
    ? { url: `${publicUrl.origin}${WEBHOOK_PATH}`, secret: telegram.webhookSecret }
    : null;

/** What `doctor` looks at of the platforms that are switched on beside the web chat. */
export const examinePlatforms = (config: Config, real: Date): readonly Examination[] => {
  if (!config.telegram) return [];
  const { token, apiRoot } = config.telegram;
  const http = openHttp(apiRoot.origin, { connections: 1 });
  return [examineTelegram({ token, http, webhook: webhookOf(config)?.url ?? null, real })];
};

/** Opens every platform that is switched on beside the web chat. */
export const openPlatforms = (
  { config, keys, stores, clock, log }: Installation,
  say: (words: Phrase, locale: Locale) => string,
): readonly ChatPlatform[] => {
  const { telegram } = config;
  if (!telegram) return [];
  const { token, apiRoot, rate } = telegram;
  return [
    telegramPlatform({
      token,
      http: openHttp(apiRoot.origin, { connections: CONNECTIONS }),
      webhook: webhookOf(config),
      perSecond: rate,
      holder: randomUUID(),
      leases: stores.leases,
      named: (bot) => stores.invitations.keepBotName("telegram", bot),
      ...{ keys, clock, log, say },
    }),
  ];
};
