import { randomUUID } from "node:crypto";
import { openHttp } from "../../../src/http/open-http.ts";
import { openKeys } from "../../../src/keys/keys.ts";
import { speaker } from "../../../src/locale/speaker.ts";
import type { SlackParts } from "../../../src/platforms/slack/parts.ts";
import { slackPlatform } from "../../../src/platforms/slack/slack.ts";
import { WEBHOOK_PATH } from "../../../src/platforms/slack/webhook.ts";
import type { ChatPlatform } from "../../../src/ports/chat-platform.ts";
import type { LeaseStore } from "../../../src/ports/store/lease-store.ts";
import { rootKey } from "../../keys/root-key.ts";
import { mount, type Served } from "../../scripted/serve.ts";
import { testLog } from "../../setup/log.ts";
import { type SignedRequest, signed } from "../../slack-server/inbound.ts";
import { type ServerOptions, type SlackServer, slackServer } from "../../slack-server/server.ts";

/** Leases of one process that is alone. */
const alone: LeaseStore = { hold: async () => true, release: async () => {} };

export interface SlackWorld {
  readonly server: SlackServer;
  readonly platform: ChatPlatform;
  /** The mounted webhook; over sockets it answers 404 to everything. */
  readonly ears: Served;
  readonly log: ReturnType<typeof testLog>;
  readonly keys: ReturnType<typeof openKeys>;
  /** Posts to the webhook as Slack does; the answer. */
  post(request: SignedRequest): Promise<Response>;
  sign(sent: Parameters<typeof signed>[1], at?: number): SignedRequest;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly server?: ServerOptions;
  readonly sockets?: boolean;
  readonly parts?: Partial<SlackParts>;
}

/** The adapter before the strict server, without the rest of the service. */
export const slackWorld = async ({ server: how, sockets = false, parts = {} }: WorldOptions): Promise<SlackWorld> => {
  const server = await slackServer(how);
  const keys = openKeys(rootKey(1));
  const log = testLog();
  const http = openHttp(server.url, { connections: 32 });
  const now = () => new Date();
  const { say } = speaker(now, "Asia/Shanghai");
  const { token, appToken, signingSecret } = server;
  const platform = slackPlatform({
    ...{ token, http, apiUrl: new URL(server.apiUrl), perSecond: 30, keys, leases: alone, log, say },
    inbound: sockets ? { appToken } : { signingSecret },
    ...{ holder: randomUUID(), clock: { now, real: now }, defaultLocale: "zh-CN", settled: async () => true },
    ...{ drafts: { read: async () => null }, card: async () => null, owed: async () => null },
    ...parts,
  });
  const ears = await mount(platform.routes);
  return {
    ...{ server, platform, ears, log, keys },
    post: ({ headers, body }) => fetch(ears.url + WEBHOOK_PATH, { method: "POST", headers, body }),
    sign: (sent, at) => signed(signingSecret, sent, at),
    close: async () => {
      await platform.stop();
      await http.close();
      await ears.close();
      await server.close();
    },
  };
};
