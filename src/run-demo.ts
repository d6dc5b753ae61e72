import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Terminal } from "./cli/terminal.ts";
import type { Toolbox } from "./cli/toolbox.ts";
import type { Config } from "./config.ts";
import type { Role } from "./demo/cast.ts";
import { crowd } from "./demo/crowd.ts";
import { DEMO_START, type DemoClock } from "./demo/demo-clock.ts";
import { takePicture } from "./demo/picture.ts";
import { demoRoutes } from "./demo/routes.ts";
import { skipTarget } from "./demo/skip.ts";
import { tellStory } from "./demo/story.ts";
import { claimForDemo } from "./demo-directory.ts";
import { demoCast, demoNotice, demoPath, importDemo } from "./demo-files.ts";
import { phrase } from "./dialogue/phrase.ts";
import { localeOf } from "./domain/language.ts";
import { openDoor } from "./door.ts";
import { holdDirectory } from "./hold-directory.ts";
import { type Installation, openInstallation } from "./installation.ts";
import type { Log } from "./ports/log.ts";
import { type Chat, openChat, startService } from "./service.ts";
import { linksFor } from "./services/issue-links.ts";
import { openToolbox } from "./toolbox.ts";
import { stopWithin, untilAsked } from "./until-asked.ts";

interface Asked {
  readonly fresh: boolean;
  readonly port: number | null;
  readonly locale: string | null;
}

/** How many notices the story has. */
const NOTICES = 2;
/** The clock is kept this often; a demo that is killed goes on from there. */
const KEEP_MS = 5_000;
/** The newcomer and the whole crowd come from one address. */
const RATES = { normal: 100_000, tight: 100 };

const openCast = async ({ stores }: Installation): Promise<readonly Role[]> => {
  const list = await demoCast();
  return Promise.all(
    (["official", "principal", "worker"] as const).map(async (role) => {
      const chat = await stores.demo.chatOf(list[role].unitCode, list[role].name);
      if (chat === null) throw new Error(`the demo's ${role} is not among its people`);
      return { role, ...list[role], chat, base: `/demo/as/${role}` };
    }),
  );
};

const tell = (tools: Toolbox) =>
  tellStory({
    publishing: tools.publishing,
    isTold: async () => (await tools.coverage.numbers(NOTICES)).length === NOTICES,
    importPeople: () => importDemo(tools, ["units.csv", "people.csv"].map(demoPath)),
    readNotice: (name) => demoNotice(tools, name),
  });

const keep = ({ clock, log, stores }: Installation): Promise<void> =>
  stores.demo.keepClock(clock.now()).catch((err) => log.warn("demo-clock-not-kept", { err }));

const routesOf = (
  installation: Installation,
  chat: Chat,
  cast: readonly Role[],
  numbers: { readonly units: string; readonly workers: string },
) => {
  const { clock, config, stores } = installation;
  const town = cast[0]?.unitCode ?? "";
  return demoRoutes({
    cast,
    chats: chat.web.view,
    readers: stores.chats,
    assets: chat.assets.links,
    say: chat.say,
    locale: config.locale,
    receive: chat.receive,
    newId: randomUUID,
    picture: () => takePicture({ coverage: stores.coverage, demo: stores.demo, clock, numbers, town }),
    skip: async (to) => {
      const [{ calendar }] = await installation.calendars();
      const target = await skipTarget(to, stores.chase, calendar, clock.now());
      if (target && "skipTo" in clock) (clock as DemoClock).skipTo(target);
    },
    sleep: async (milliseconds, signal) => void (await sleep(milliseconds, null, { signal }).catch(() => {})),
  });
};

/** The wanted port, or any free one where that is taken. */
const startAnywhere = async (
  installation: Installation,
  chat: Chat,
  routes: ReturnType<typeof demoRoutes>,
  port: number,
) => {
  const options = { roles: ["web", "worker"], routes, rates: RATES } as const;
  return startService(installation, chat, { ...options, port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE") throw error;
    return startService(installation, chat, { ...options, port: 0 });
  });
};

const people = (
  { config, log, stores }: Installation,
  tools: Toolbox,
  chat: Chat,
  cast: readonly Role[],
  origin: string,
) =>
  crowd({
    origin,
    log,
    waiting: () => stores.demo.waiting(cast.map((role) => role.chat)),
    links: async (some) => (await linksFor(tools.linking, some)).map(({ path }) => path),
    reason: chat.say(phrase("demo.reason"), config.locale),
  });

const demoConfig = (config: Config, { locale, port }: Asked): Config => ({
  ...config,
  databaseUrl: null,
  redisUrl: null,
  publicUrl: null,
  locale: localeOf(locale) ?? config.locale,
  port: port ?? config.port,
});

/** `chuanda demo`: the whole service on embedded parts, a county, two notices, and simulated people who answer. */
export const runDemo = async (given: Config, log: Log, asked: Asked, terminal: Terminal): Promise<number> => {
  const config = demoConfig(given, asked);
  const release = holdDirectory(config.dataDir);
  claimForDemo(config.dataDir, asked.fresh);
  terminal.err(terminal.say(phrase("demo.preparing")));
  const onDeath = (why: string) => {
    terminal.err(why);
    process.exit(1);
  };
  const installation = await openInstallation(config, log, { migrate: true, onDeath, demoFrom: DEMO_START });
  const tools = openToolbox(installation, "");
  const numbers = await tell(tools);
  const cast = await openCast(installation);
  const chat = await openChat(installation, cast);
  const service = await startAnywhere(installation, chat, routesOf(installation, chat, cast, numbers), config.port);
  const origin = `http://${config.host}:${service.port}`;
  const closeDoor = await openDoor(installation, chat, origin);
  const simulated = await people(installation, tools, chat, cast, origin);
  const keeping = setInterval(() => void keep(installation), KEEP_MS);
  const toEnd = untilAsked();
  terminal.out(terminal.say(phrase("demo.ready", { address: `${origin}/demo` })));
  terminal.err(terminal.say(phrase("demo.stop")));
  await keep(installation);
  await toEnd;
  await stopWithin(async () => {
    clearInterval(keeping);
    await simulated.stop();
    await closeDoor();
    await service.stop();
    await keep(installation);
    await installation.close();
    release();
  });
  return 0;
};
