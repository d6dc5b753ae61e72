import { randomUUID } from "node:crypto";
import type { Config } from "./config.ts";
import { openHttp } from "./http/open-http.ts";
import type { Installation } from "./installation.ts";
import type { Speaker } from "./locale/speaker.ts";
import { examineSlack } from "./platforms/slack/examine.ts";
import { slackPlatform } from "./platforms/slack/slack.ts";
import { WEBHOOK_PATH as SLACK_PATH } from "./platforms/slack/webhook.ts";
import { examineTelegram } from "./platforms/telegram/examine.ts";
import { telegramPlatform } from "./platforms/telegram/telegram.ts";
import { WEBHOOK_PATH } from "./platforms/telegram/webhook.ts";
import type { ChatPlatform } from "./ports/chat-platform.ts";
import type { Examination } from "./ports/examination.ts";
import { drawing } from "./services/draw.ts";
import { showOwed } from "./services/show-owed.ts";

/** Requests to a platform that may be under way at once in one process. */
const CONNECTIONS = 32;

const webhookOf = ({ telegram, publicUrl }: Config) =>
  telegram && publicUrl && telegram.webhookSecret !== null
    ? { url: `${publicUrl.origin}${WEBHOOK_PATH}`, secret: telegram.webhookSecret }
    : null;

const examineOn = {
  telegram: (config: Config, real: Date): readonly Examination[] => {
    if (!config.telegram) return [];
    const { token, apiRoot } = config.telegram;
    const http = openHttp(apiRoot.origin, { connections: 1 });
    return [examineTelegram({ token, http, webhook: webhookOf(config)?.url ?? null, real })];
  },
  slack: ({ slack, publicUrl }: Config, real: Date): readonly Examination[] => {
    if (!slack) return [];
    const { token, apiUrl, inbound } = slack;
    const http = openHttp(apiUrl.origin, { connections: 1 });
    const webhook = publicUrl ? `${publicUrl.origin}${SLACK_PATH}` : null;
    return [
      examineSlack({ token, http, apiUrl, webhook, real, appToken: "appToken" in inbound ? inbound.appToken : null }),
    ];
  },
};

/** What `doctor` looks at of the platforms that are switched on beside the web chat. */
export const examinePlatforms = (config: Config, real: Date): readonly Examination[] => [
  ...examineOn.telegram(config, real),
  ...examineOn.slack(config, real),
];

const openTelegram = (
  { config, keys, stores, clock, log }: Installation,
  { say }: Speaker,
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

const openSlack = (
  { config, keys, stores, clock, log }: Installation,
  { say, card }: Speaker,
): readonly ChatPlatform[] => {
  const { slack } = config;
  if (!slack) return [];
  const { token, apiUrl, inbound, rate } = slack;
  const { leases, drafts, deliveries, owed } = stores;
  const draw = drawing({ deliveries, clock, card });
  return [
    slackPlatform({
      ...{ token, apiUrl, inbound, keys, leases, drafts, clock, log, say },
      http: openHttp(apiUrl.origin, { connections: CONNECTIONS }),
      perSecond: rate,
      holder: randomUUID(),
      defaultLocale: config.locale,
      card: async (delivery) => (await draw([delivery])).get(delivery) ?? null,
      owed: showOwed({ owed, card }),
      settled: async (eventId) => !(await stores.inbound.isOpen("slack", eventId)),
    }),
  ];
};

/** Opens every platform that is switched on beside the web chat. */
export const openPlatforms = (installation: Installation, speaker: Speaker): readonly ChatPlatform[] => [
  ...openTelegram(installation, speaker),
  ...openSlack(installation, speaker),
];
