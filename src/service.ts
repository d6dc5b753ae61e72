import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import packageJson from "../package.json" with { type: "json" };
import type { Role } from "./cli/shelf.ts";
import type { Installation } from "./installation.ts";
import { speaker } from "./locale/speaker.ts";
import { counted, measuredPlatform, measuredQueue, measuredReceive } from "./measured.ts";
import { openMetrics } from "./metrics/metrics.ts";
import { openClock } from "./open-clock.ts";
import { openPlatforms } from "./open-platforms.ts";
import type { ActAs } from "./platforms/web/parts.ts";
import { webPlatform } from "./platforms/web/web.ts";
import type { ChatPlatform } from "./ports/chat-platform.ts";
import type { Limiter } from "./ports/limiter.ts";
import type { Metrics } from "./ports/metrics.ts";
import type { Route } from "./ports/route.ts";
import { redisLimiter } from "./queue/redis-limiter.ts";
import { repeat } from "./repeat.ts";
import { answering } from "./services/answer.ts";
import { dispatcher } from "./services/dispatch.ts";
import { drawing } from "./services/draw.ts";
import { BEAT_MS, lives } from "./services/examine-processes.ts";
import { fallBack } from "./services/fall-back.ts";
import { limiting } from "./services/limit.ts";
import { receiver } from "./services/receive.ts";
import { seal } from "./services/seal.ts";
import { sweep } from "./services/sweep.ts";
import { isAway } from "./store/away.ts";
import { openAssets } from "./web/assets.ts";
import { openServer } from "./web/server.ts";
import { startWorker } from "./worker.ts";

/** What talks to people: made before the server, for it says what the server mounts. */
export const openChat = async (installation: Installation, actAs: readonly ActAs[] = []) => {
  const { config, clock, keys, log, queue, stores } = installation;
  const { say, card } = speaker(clock.now, config.zone);
  const assets = await openAssets();
  const web = webPlatform(
    {
      chats: stores.chats,
      access: stores.access,
      enrolments: stores.enrolments,
      keys,
      clock,
      log,
      say,
      defaultLocale: config.locale,
      assets: assets.links,
      secure: config.publicUrl?.protocol === "https:",
      settled: async (eventId) => !(await stores.inbound.isOpen("web", eventId)),
    },
    actAs,
  );
  const platforms: readonly ChatPlatform[] = [...openPlatforms(installation, { say, card }), web];
  return { say, card, assets, web, platforms, receive: receiver({ inbound: stores.inbound, queue, clock, log }) };
};

export type Chat = Awaited<ReturnType<typeof openChat>>;

export interface StartOptions {
  readonly roles: readonly Role[];
  readonly port: number;
  /** Pages beside those of the platforms. */
  readonly routes?: readonly Route[];
  /** Requests a minute and address; the demo's crowd comes from one. */
  readonly rates?: { readonly normal: number; readonly tight: number };
  /** Platforms beside the web chat. */
  readonly platforms?: readonly ChatPlatform[];
}

/** So long a process that serves people still answers after it has said that it is leaving, for whoever sends them here. */
const LEAVE_MS = 1_000;

/** Slots of the platforms' pace: from Redis where there is one, else from the database. */
const openLimiter = ({ config, stores, clock, log }: Installation): Limiter =>
  limiting({ shared: config.redisUrl ? redisLimiter(config.redisUrl) : null, paces: stores.paces, clock, log });

const startWork = async (
  installation: Installation,
  { card }: Chat,
  platforms: readonly ChatPlatform[],
  metrics: Metrics,
) => {
  const { clock, config, keys, ledger, log, queue, stores } = installation;
  const limiter = openLimiter(installation);
  const draw = drawing({ deliveries: stores.deliveries, clock, card });
  const { deliveries, inbound, answers, drafts, enrolments } = stores;
  const names = platforms.map(({ name }) => name);
  const answer = answering({ inbound, answers, deliveries, drafts, enrolments, keys, platforms: names, clock, log });
  const sending = platforms.map((platform) => {
    const hide = (chat: string) => Buffer.from(keys.index("address", `${platform.name} ${chat}`)).toString("base64url");
    const measured = measuredPlatform(platform, metrics);
    const parts = { platform: measured, deliveries, draw, limiter, hide, clock, log, newLeaseId: randomUUID };
    return [platform.name, dispatcher(parts)] as const;
  });
  const idempotent = platforms.filter(({ limits }) => limits.idempotent).map(({ name }) => name);
  const { fallBacks } = stores;
  const ticking = openClock(installation, names);
  const falling = {
    fallBacks,
    platforms: names,
    afterMs: config.fallBackMs,
    calendars: installation.calendars,
    clock,
    log,
  };
  const worker = await startWorker({
    log,
    clock,
    queue: measuredQueue(queue, metrics),
    dispatchers: new Map(sending),
    answer: counted(answer, metrics.handled),
    seal: counted(() => seal({ ledgerStore: stores.ledger, ledger, clock }), metrics.sealed),
    sweep: counted(async () => {
      await drafts.forget(clock.real());
      return sweep({ deliveries, inbound, queue, idempotent, clock, log });
    }, metrics.swept),
    fallBack: () => fallBack(falling),
    chase: ticking.chase,
    audit: counted(ticking.audit, metrics.audited),
  });
  return {
    stop: async () => {
      await worker.stop();
      await ticking.close();
      await limiter.close();
    },
  };
};

/** What the database says, for the metrics of this process. */
const reading =
  ({ stores, clock }: Installation) =>
  async () => {
    const real = clock.real();
    const [backlog, processes] = await Promise.all([stores.backlog.read(real), stores.processes.all()]);
    const roles = processes.filter((each) => lives(each, real)).flatMap((each) => each.roles);
    return { backlog, roles, now: clock.now(), real };
  };

/** Tells the others that this process lives, until it ends. */
const startBeating = ({ stores, clock, log }: Installation, roles: readonly Role[]) => {
  const { processes } = stores;
  const own = { id: randomUUID(), roles, version: packageJson.version, startedAt: clock.real() };
  const stop = repeat("beat", BEAT_MS, () => processes.beat(own, clock.real()), log);
  return async () => {
    await stop();
    await processes.leave(own.id).catch((err) => log.warn("leave-failed", { err }));
  };
};

/** Starts one process of the service. `stop` takes no more work, finishes what is in flight, and leaves the installation open. */
export const startService = async (installation: Installation, chat: Chat, options: StartOptions) => {
  const { config, database, log, queue } = installation;
  const platforms: readonly ChatPlatform[] = [...chat.platforms, ...(options.platforms ?? [])];
  const names = platforms.map(({ name }) => name);
  const metrics = openMetrics({ version: packageJson.version, platforms: names, read: reading(installation) });
  const serving = options.roles.includes("web");
  const server = await openServer({
    host: config.host,
    port: options.port,
    routes: serving ? [...platforms.flatMap(({ routes }) => routes), ...(options.routes ?? [])] : [],
    checks: [
      { name: "database", check: database.ping },
      { name: "queue", check: queue.ping },
    ],
    assets: chat.assets,
    log,
    say: chat.say,
    defaultLocale: config.locale,
    publicUrl: config.publicUrl,
    metrics,
    metricsToken: config.metricsToken,
    isAway,
    ...(options.rates ? { rates: options.rates } : {}),
  });
  for (const platform of platforms) await platform.start(measuredReceive(chat.receive, metrics));
  const worker = options.roles.includes("worker") ? await startWork(installation, chat, platforms, metrics) : null;
  const stopBeating = startBeating(installation, options.roles);
  for (const warning of await queue.warnings()) log.warn("queue-not-durable", { warning });
  const held = await installation.stores.held.count();
  if (held > 0) log.warn("deliveries-held", { held });
  log("service-started", { roles: options.roles, port: server.port, database: database.kind });
  return {
    port: server.port,
    async stop() {
      server.drain();
      const hangUp = async () => {
        // On the embedded database there is no other process that people could be sent to.
        if (serving && database.kind === "postgresql") await sleep(LEAVE_MS);
        for (const platform of platforms) await platform.stop();
        await server.stop();
      };
      await Promise.all([worker?.stop(), hangUp()]);
      await stopBeating();
      log("service-stopped");
    },
  };
};
