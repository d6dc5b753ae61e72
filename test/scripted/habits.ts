import type { ChatPlatform, Limits } from "../../src/ports/chat-platform.ts";
import type { Keys } from "../../src/ports/keys.ts";
import type { ScriptedServer } from "./scripted-server.ts";
import { scriptedSlack } from "./slack.ts";
import { slackServer } from "./slack-server.ts";
import { scriptedTelegram } from "./telegram.ts";
import { telegramServer } from "./telegram-server.ts";

export interface Habits {
  readonly name: "Telegram" | "Slack";
  readonly server: () => Promise<ScriptedServer>;
  readonly platform: (url: string, keys: Keys, limits?: Partial<Limits>) => ChatPlatform;
}

export const TELEGRAM: Habits = { name: "Telegram", server: telegramServer, platform: scriptedTelegram };
export const SLACK: Habits = { name: "Slack", server: slackServer, platform: scriptedSlack };
