import { randomUUID } from "node:crypto";
import { openHttp } from "../../../src/http/open-http.ts";
import { openKeys } from "../../../src/keys/keys.ts";
import { speaker } from "../../../src/locale/speaker.ts";
import type { TelegramParts } from "../../../src/platforms/telegram/parts.ts";
import { telegramPlatform } from "../../../src/platforms/telegram/telegram.ts";
import { WEBHOOK_PATH } from "../../../src/platforms/telegram/webhook.ts";
import type { ChatPlatform } from "../../../src/ports/chat-platform.ts";
import type { LeaseStore } from "../../../src/ports/store/lease-store.ts";
import { rootKey } from "../../keys/root-key.ts";
import type { Served } from "../../scripted/serve.ts";
import { mount } from "../../scripted/serve.ts";
import { testLog } from "../../setup/log.ts";
import type { ServerOptions, TelegramServer } from "../../telegram-server/server.ts";
import { telegramServer } from "../../telegram-server/server.ts";

export const SECRET = "strict-secret_of-the-tests";

/** Leases of one process that is alone. */
const alone: LeaseStore = { hold: async () => true, release: async () => {} };

export interface TelegramWorld {
  readonly server: TelegramServer;
  readonly platform: ChatPlatform;
  /** The mounted webhook; it answers 404 to everything when the platform polls. */
  readonly ears: Served;
  readonly log: ReturnType<typeof testLog>;
  readonly keys: ReturnType<typeof openKeys>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly server?: ServerOptions;
  readonly polls?: boolean;
  readonly parts?: Partial<TelegramParts>;
}

/** The adapter before the strict server, without the rest of the service. */
export const telegramWorld = async ({
  server: how,
  polls = false,
  parts = {},
}: WorldOptions): Promise<TelegramWorld> => {
  const server = await telegramServer(how);
  const keys = openKeys(rootKey(1));
  const log = testLog();
  const http = openHttp(server.url, { connections: 32 });
  const now = () => new Date();
  const { say } = speaker(now, "Asia/Shanghai");
  // The address is known when the routes are mounted, and the routes when the platform is made.
  const webhook = { url: "", secret: SECRET };
  const platform = telegramPlatform({
    ...{ token: server.token, http, webhook: polls ? null : webhook, perSecond: 30, keys, leases: alone, log, say },
    ...{ holder: randomUUID(), clock: { now, real: now }, named: async () => {} },
    ...parts,
  });
  const ears = await mount(platform.routes);
  webhook.url = ears.url + WEBHOOK_PATH;
  return {
    ...{ server, platform, ears, log, keys },
    close: async () => {
      await platform.stop();
      await http.close();
      await ears.close();
      await server.close();
    },
  };
};
