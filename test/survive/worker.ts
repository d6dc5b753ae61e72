import { randomUUID } from "node:crypto";
import { databaseClock } from "../../src/database/database-clock.ts";
import { openDatabase } from "../../src/database/open-database.ts";
import { parseMarkdown } from "../../src/files/markdown.ts";
import { openKeys } from "../../src/keys/keys.ts";
import { speaker } from "../../src/locale/speaker.ts";
import { wording } from "../../src/locale/wording.ts";
import { openLog } from "../../src/log/log.ts";
import { bullQueue } from "../../src/queue/bull-queue.ts";
import { dispatcher } from "../../src/services/dispatch.ts";
import { drawing } from "../../src/services/draw.ts";
import { limiting } from "../../src/services/limit.ts";
import { sweep } from "../../src/services/sweep.ts";
import { openPrisma } from "../../src/store/client.ts";
import { deliveryStore } from "../../src/store/deliveries.ts";
import { inboundStore } from "../../src/store/inbound.ts";
import { paceStore } from "../../src/store/paces.ts";
import { startWorker } from "../../src/worker.ts";
import { rootKey } from "../keys/root-key.ts";
import { scriptedTelegram } from "../scripted/telegram.ts";

/** What a worker process is told on its command line. */
export interface WorkerOrders {
  readonly name: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly platformUrl: string;
  readonly concurrency: number;
}

/** A worker process of the service, with a scripted platform in the place of a real one. Tells its parent when it is ready. */
const work = async (orders: WorkerOrders): Promise<void> => {
  const log = openLog("info");
  const { databaseUrl: url, redisUrl, platformUrl, concurrency } = orders;
  const database = await openDatabase({ url, dataDir: "", log, onDeath: () => {} });
  const db = openPrisma(database.pool);
  const keys = openKeys(rootKey(1));
  const { real, stop } = await databaseClock(database, log);
  let ahead = 0;
  process.on("message", (ms: number) => {
    ahead += ms;
  });
  const clock = { now: () => new Date(real().getTime() + ahead), real };
  const queue = await bullQueue({ redisUrl, pool: database.queuePool, log });
  const deliveries = deliveryStore(db, keys, { parse: parseMarkdown, wording, locale: "zh-CN" });
  const inbound = inboundStore(db, keys);
  const platform = scriptedTelegram(platformUrl, keys, { perSecond: null, concurrency });
  const draw = drawing({ deliveries, clock, card: speaker(clock.now, "Asia/Shanghai").card });
  const newLeaseId = () => `${orders.name} ${randomUUID()}`;
  const limiter = limiting({ shared: null, paces: paceStore(db), clock, log });
  const sending = { platform, deliveries, draw, limiter, hide: (chat: string) => chat, clock, log, newLeaseId };
  const worker = await startWorker({
    ...{ log, clock, queue },
    dispatchers: new Map([[platform.name, dispatcher(sending)]]),
    answer: async () => 0,
    seal: async () => 0,
    fallBack: async () => 0,
    chase: async () => {},
    audit: async () => {},
    sweep: () => sweep({ deliveries, inbound, queue, idempotent: [], clock, log }),
  });
  process.on("SIGTERM", async () => {
    await worker.stop();
    stop();
    await db.$disconnect();
    await database.close();
    process.exit(0);
  });
  process.send?.("ready");
};

await work(JSON.parse(process.argv[2] ?? "{}") as WorkerOrders);
