import type { ChatPlatform, Limits } from "../../ports/chat-platform.ts";
import { inlet, storing } from "../inlet.ts";
import { openApi } from "./api.ts";
import { BUTTONS, TEXT } from "./draw.ts";
import { type Heard, hearing } from "./hear.ts";
import { homes } from "./home.ts";
import { messages } from "./messages.ts";
import type { SlackParts } from "./parts.ts";
import { read } from "./read.ts";
import { setUp } from "./set-up.ts";
import { sockets } from "./sockets.ts";
import { surfaces } from "./surfaces.ts";
import { webhookRoute } from "./webhook.ts";

/**
 * The published limits (docs.slack.dev/apis/web-api/rate-limits) and a little less: one message a second to a conversation,
 * and fifty redraws a minute, of which a few may go at once. A workspace that has more of the one has more of the other.
 */
const PER_SECOND = 4;
const PER_CHAT = { count: 0.95, seconds: 1, burst: 1 };
const REDRAWS = { count: 40, seconds: 60, burst: 8 };

const limitsOf = ({ perSecond }: SlackParts): Limits => {
  const share = Math.max(1, perSecond / PER_SECOND);
  return {
    text: TEXT,
    buttons: BUTTONS,
    // docs.slack.dev/reference/block-kit/block-elements/button-element
    buttonBytes: 2_000,
    perSecond,
    redraws: { ...REDRAWS, count: REDRAWS.count * share },
    ...{ perChat: PER_CHAT, perGroup: null, isGroup: () => false },
    concurrency: 30,
    // The bot's own messages may be edited for ever, unless a workspace has said otherwise.
    editSeconds: null,
    receipts: false,
    idempotent: false,
  };
};

/** Slack, with what people do posted to us or over sockets. */
export const slackPlatform = (parts: SlackParts): ChatPlatform => {
  const { clock, log, keys, inbound } = parts;
  const api = openApi(parts);
  const door = inlet();

  /** Whose token it is; empty until Slack has told, and until then nobody's address can be read. */
  let team = "";
  const take = storing(door, "slack", log);
  const home = homes({ parts, api, team: () => team, take });
  const listen = hearing({ parts, take, home, show: surfaces({ parts, api, home }) });
  const hear = async (body: object): Promise<Heard> => {
    const said = read(body, { keys, home: team });
    return team === "" && said.kind !== "challenge" ? { taken: false } : listen(said);
  };

  let setting: { stop(): Promise<void> } | null = null;
  let open: { stop(): Promise<void> } | null = null;
  return {
    name: "slack",
    limits: limitsOf(parts),
    routes:
      "signingSecret" in inbound
        ? [webhookRoute({ signingSecret: inbound.signingSecret, real: clock.real, hear })]
        : [],
    start: async (receive) => {
      door.open(receive);
      setting ??= setUp(parts, api, (id) => {
        team = id;
      });
      if ("appToken" in inbound) open ??= sockets({ parts, appToken: inbound.appToken, hear });
    },
    stop: async () => {
      await door.close();
      await Promise.all([open?.stop(), setting?.stop()]);
      [open, setting] = [null, null];
    },
    ...messages(parts, api, () => team),
  };
};
