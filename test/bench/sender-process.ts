// A worker that only sends, over Telegram or Slack, as a process of its own. Its orders come as JSON in the first argument.
import { randomUUID } from "node:crypto";
import { openDatabase } from "../../src/database/open-database.ts";
import { parseMarkdown } from "../../src/files/markdown.ts";
import { openHttp } from "../../src/http/open-http.ts";
import { openKeys } from "../../src/keys/keys.ts";
import { speaker } from "../../src/locale/speaker.ts";
import { wording } from "../../src/locale/wording.ts";
import { slackPlatform } from "../../src/platforms/slack/slack.ts";
import { telegramPlatform } from "../../src/platforms/telegram/telegram.ts";
import { redisLimiter } from "../../src/queue/redis-limiter.ts";
import { dispatcher } from "../../src/services/dispatch.ts";
import { drawing } from "../../src/services/draw.ts";
import { limiting } from "../../src/services/limit.ts";
import { openPrisma } from "../../src/store/client.ts";
import { deliveryStore } from "../../src/store/deliveries.ts";
import { leaseStore } from "../../src/store/leases.ts";
import { paceStore } from "../../src/store/paces.ts";
import { rootKey } from "../keys/root-key.ts";
import { testLog } from "../setup/log.ts";
import type { SenderOrders } from "./sender.ts";

const orders = JSON.parse(process.argv[2] ?? "") as SenderOrders;
const log = testLog();
const database = await openDatabase({ url: orders.databaseUrl, dataDir: "", log, onDeath: () => {} });
const db = openPrisma(database.pool);
const keys = openKeys(rootKey(1));
const now = () => new Date();
const clock = { now, real: now };
const { card, say } = speaker(now, "Asia/Shanghai");
const deliveries = deliveryStore(db, keys, { parse: parseMarkdown, wording, locale: "zh-CN" });
const common = {
  ...{ token: orders.token, http: openHttp(orders.apiRoot, { connections: orders.concurrency }) },
  ...{ perSecond: orders.perSecond ?? 30, keys, leases: leaseStore(db), holder: randomUUID(), clock, log, say },
};
const nothing = async () => null;
const platform =
  orders.platform === "slack"
    ? slackPlatform({
        ...{ ...common, apiUrl: new URL("/api/", orders.apiRoot), inbound: { signingSecret: "0123456789abcdef" } },
        ...{ defaultLocale: "zh-CN", drafts: { read: nothing }, card: nothing, owed: nothing },
        settled: async () => true,
      })
    : telegramPlatform({ ...common, webhook: null, named: async () => {} });
const limits = { ...platform.limits, perSecond: orders.perSecond, concurrency: orders.concurrency };
const limiter = limiting({ shared: redisLimiter(orders.redisUrl), paces: paceStore(db), clock, log });
const sending = dispatcher({
  platform: { ...platform, limits },
  draw: drawing({ deliveries, clock, card }),
  hide: (chat) => Buffer.from(keys.index("address", chat)).toString("base64url"),
  newLeaseId: randomUUID,
  ...{ deliveries, limiter, clock, log },
});

process.on("message", async () => {
  await sending.stop();
  const { user, system } = process.cpuUsage();
  process.send?.({
    cpuMs: (user + system) / 1_000,
    rssMb: process.resourceUsage().maxRSS / 1_024,
    warnings: log.entries.filter(({ level }) => level !== "info").map(({ event }) => event),
  });
  process.disconnect();
  process.exit(0);
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
