import { createServer } from "node:net";
import { readConfig } from "../../../src/config.ts";
import { openInstallation } from "../../../src/installation.ts";
import { openChat, startService } from "../../../src/service.ts";
import { publishNotice } from "../../../src/services/publish-notice.ts";
import { openPrisma } from "../../../src/store/client.ts";
import { openToolbox } from "../../../src/toolbox.ts";
import { newKeys } from "../../processes/keys.ts";
import { office as files } from "../../processes/office.ts";
import { office } from "../../scripted/office.ts";
import { freshPostgres, redisUrl } from "../../setup/database.ts";
import { testLog } from "../../setup/log.ts";
import type { Person } from "../../telegram-server/people.ts";
import { telegramServer } from "../../telegram-server/server.ts";

export const SECRET = "of-the_service-world";

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });

const HEAD = "name,unit,post,locale,phone,telegram,slack,feishu,dingtalk,wecom,web";

/**
 * The whole service in this process, before the strict server, on PostgreSQL; its service time travels, and real time where
 * a test says that the machine slept, whose claims run out by that. The pace is kept in the database, for Redis has a clock
 * of its own; the queue is on Redis where the test asks for it.
 */
export const serviceWorld = async ({ rate = 1_000, redis = false } = {}) => {
  const [postgres, port, server] = await Promise.all([
    freshPostgres(),
    freePort(),
    telegramServer({ pace: 0.02, flood: { all: 2 * rate, chat: 1_000 } }),
  ]);
  const env = {
    ...{ DATABASE_URL: postgres.url, ...newKeys(), TELEGRAM_RATE: String(rate), PORT: String(port) },
    ...{ TELEGRAM_BOT_TOKEN: server.token, TELEGRAM_API_ROOT: server.url, TELEGRAM_WEBHOOK_SECRET: SECRET },
    ...{ PUBLIC_URL: `http://127.0.0.1:${port}`, TZ_NAME: "Asia/Shanghai" },
    ...(redis ? { REDIS_URL: await redisUrl() } : {}),
  };
  const log = testLog();
  const opened = await openInstallation(readConfig(env), log, { migrate: false, onDeath: () => {} });
  let ahead = 0;
  let slept = 0;
  const real = () => new Date(opened.clock.real().getTime() + slept);
  const now = () => new Date(real().getTime() + ahead);
  const installation = { ...opened, clock: { now, real } };
  const service = await startService(installation, await openChat(installation), { roles: ["web", "worker"], port });
  const db = openPrisma(opened.database.pool);
  const folder = files();
  const tools = openToolbox(installation, "");
  let notices = 0;

  return {
    ...{ server, log, db, installation, tools, url: `http://127.0.0.1:${port}` },
    office: office(db, opened.keys, "C"),
    travel: (ms: number) => {
      ahead += ms;
    },
    sleep: (ms: number) => {
      slept += ms;
    },
    now,
    calls: (method: string, chat?: number) =>
      server.calls.filter((call) => call.method === method && (chat ?? call.values.chat_id) === call.values.chat_id),
    /** Imports the small county, and these people as principals of its enterprises, one each. */
    async settle(...people: readonly (readonly [name: string, person: Person])[]) {
      const rows = people.map(([name, { id }], at) => `${name},E${at + 1},principal,zh-CN,,${id},,,,,`);
      const asked = { files: [folder.units, folder.write("p.csv", [HEAD, ...rows, ""].join("\n"))], dryRun: false };
      const done = await tools.importRoster({ ...asked, complete: [], progress: () => {} });
      if (done.kind !== "imported") throw new Error(JSON.stringify(done));
    },
    /** Publishes a notice to the enterprises; returns its number. */
    async publish(title = "请查一遍消防通道", body = "请您今天查一遍。", ack = "undertake") {
      const number = `石安委办〔2026〕${++notices}号`;
      const head = ['issuer: "C"', "urgency: priority", `ack: ${ack}`, "due: 2d", "audience: kind enterprise"];
      const text = ["---", `number: ${number}`, ...head, "---", `# ${title}`, "", body, ""].join("\n");
      const read = await tools.readNotice(folder.write(`${notices}.md`, text));
      if ("problems" in read) throw new Error(JSON.stringify(read.problems));
      const done = await publishNotice(tools.publishing, read.draft, null);
      if (done.kind !== "published") throw new Error(JSON.stringify(done));
      return number;
    },
    stands: async (number: string) => {
      const found = await opened.stores.coverage.coverage(number, now());
      if (!found) throw new Error(`no notice ${number}`);
      return found;
    },
    close: async () => {
      await service.stop();
      await db.$disconnect();
      await opened.close();
      await server.close();
      await postgres.drop();
      folder.remove();
    },
  };
};

export type ServiceWorld = Awaited<ReturnType<typeof serviceWorld>>;
