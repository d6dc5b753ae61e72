import { secondsTooEarly, worstSecond } from "../setup/sliding-window.ts";

/**
 * The published limits (docs.slack.dev/apis/web-api/rate-limits): per method and minute by tier, and of messages one a second to
 * a conversation, of which short bursts pass. Slack gives no number for a whole workspace.
 */
export interface RateLimits {
  /** Messages in any sliding second, over all conversations. */
  readonly all: number;
  /** In any sliding second to one conversation. */
  readonly channel: number;
  /** What every tier is multiplied by: a test has no minutes. */
  readonly scale: number;
}

export const PUBLISHED: RateLimits = { all: 5, channel: 2, scale: 1 };

/** slackapi/java-slack-sdk, metadata/web-api/rate_limit_tiers.json; null is special. */
const TIERS: Readonly<Record<string, number | null>> = {
  "auth.test": null,
  "chat.postMessage": null,
  "chat.update": 50,
  "conversations.open": 50,
  "users.lookupByEmail": 50,
  "users.list": 20,
  "views.open": 100,
  "views.update": 100,
  "views.publish": 100,
  "files.getUploadURLExternal": 100,
  "files.completeUploadExternal": 100,
  "apps.connections.open": 50,
};

const SECOND = 1_000;
const MINUTE = 60_000;

export const rates = ({ all, channel: one, scale }: RateLimits) => {
  const times = new Map<string, number[]>();
  const early = (name: string, most: number, window: number, now: number): number =>
    secondsTooEarly(times.get(name) ?? [], most, window, now);
  const count = (name: string, now: number): void => {
    const known = times.get(name) ?? [];
    known.push(now);
    times.set(name, known);
  };
  return {
    /** Seconds that a call comes too early; counts it when it does not. */
    tooEarly: (method: string, channel: string, now: number): number => {
      const tier = TIERS[method];
      const posts = method === "chat.postMessage";
      const wait = Math.max(
        typeof tier === "number" ? early(method, tier * scale, MINUTE, now) : 0,
        posts ? early(`to ${channel}`, one, SECOND, now) : 0,
        posts ? early("all", all, SECOND, now) : 0,
      );
      if (wait > 0) return wait;
      count(method, now);
      if (posts) {
        count(`to ${channel}`, now);
        count("all", now);
      }
      return 0;
    },
    /** The most messages that any sliding second let through. */
    worstSecond: (): number => worstSecond(times.get("all") ?? []),
  };
};
