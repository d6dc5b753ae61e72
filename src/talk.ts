import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SEAT_NAMES } from "./cli/shelf.ts";
import type { Toolbox } from "./cli/toolbox.ts";
import type { Config } from "./config.ts";
import { DEMO_START } from "./demo/demo-clock.ts";
import { type CastList, tellStory } from "./demo/story.ts";
import { demoCast, demoNotice, demoPath, importDemo } from "./demo-files.ts";
import { type Installation, openInstallation } from "./installation.ts";
import { speaker } from "./locale/speaker.ts";
import { type TerminalParts, terminalPlatform } from "./platforms/terminal/terminal.ts";
import type { Log } from "./ports/log.ts";
import { answering } from "./services/answer.ts";
import { chaseDue } from "./services/chase.ts";
import { dispatcher } from "./services/dispatch.ts";
import { drawing } from "./services/draw.ts";
import { type Invitation, invite } from "./services/invite.ts";
import { limiting } from "./services/limit.ts";
import { receiver } from "./services/receive.ts";
import { seal } from "./services/seal.ts";
import { sweep } from "./services/sweep.ts";
import { openToolbox } from "./toolbox.ts";
import { startWorker } from "./worker.ts";

/** Who is reached in the terminal is reached there; the demo's other people keep their web chats, where nobody looks. */
const PLATFORMS = ["terminal", "web"] as const;
const LOOK_MS = 100;
const LONGEST_MS = 15_000;

/** One town of the demo with what stands above and below it, and its people: enough to talk with, and there in a moment. */
const neighbourhood = async (folder: string, town: string): Promise<readonly string[]> => {
  const above = [4, 6].map((length) => `${town.slice(0, length)},`);
  const isNear: Readonly<Record<string, (row: string) => boolean>> = {
    "units.csv": (row) => row.startsWith(town) || above.some((code) => row.startsWith(code)),
    "people.csv": (row) => row.includes(`,${town}`) || above.some((code) => row.includes(`,${code}`)),
  };
  return Promise.all(
    Object.entries(isNear).map(async ([name, near]) => {
      const [header = "", ...rows] = (await readFile(demoPath(name), "utf8")).split("\n");
      const path = join(folder, name);
      await writeFile(path, [header, ...rows.filter(near), ""].join("\n"));
      return path;
    }),
  );
};

/** A town, its people, three windows, and two notices. */
const tell = async ({ config, stores }: Installation, tools: Toolbox, cast: CastList): Promise<void> => {
  await tellStory({
    publishing: { ...tools.publishing, platforms: PLATFORMS },
    isTold: async () => false,
    importPeople: async () => {
      await importDemo(tools, await neighbourhood(config.dataDir, cast.official.unitCode));
      for (const seat of ["official", "principal", "worker"] as const)
        await stores.demo.seat(cast[seat].unitCode, cast[seat].name, { platform: "terminal", chat: seat });
    },
    readNotice: (name) => demoNotice(tools, name),
  });
};

/** A code for a newcomer to this unit. */
const codeFor = async ({ inviting }: Toolbox, unit: string): Promise<string> => {
  const office = { post: "worker", deputy: false } as const;
  const made = await invite(inviting, { units: [unit], ...office, uses: 1, lastsMs: 86_400_000, address: "" });
  const [one] = Array.isArray(made) ? (made as readonly Invitation[]) : [];
  if (!one) throw new Error(`the demo's own ${unit} takes nobody in`);
  return one.code;
};

const startWork = (installation: Installation, platform: ReturnType<typeof terminalPlatform>) => {
  const { calendars, clock, config, keys, ledger, log, queue, stores } = installation;
  const { answers, deliveries, drafts, enrolments, inbound } = stores;
  const { card } = speaker(clock.now, config.zone);
  const draw = drawing({ deliveries, clock, card });
  const limiter = limiting({ shared: null, paces: stores.paces, clock, log });
  const hide = (chat: string) => chat;
  const sending = dispatcher({ platform, deliveries, draw, limiter, hide, clock, log, newLeaseId: randomUUID });
  return startWorker({
    ...{ log, clock, queue },
    dispatchers: new Map([[platform.name, sending]]),
    answer: answering({ inbound, answers, deliveries, drafts, enrolments, keys, platforms: PLATFORMS, clock, log }),
    seal: () => seal({ ledgerStore: stores.ledger, ledger, clock }),
    sweep: () => sweep({ deliveries, inbound, queue, idempotent: [platform.name], clock, log }),
    chase: () => chaseDue({ chase: stores.chase, calendars, queue, platforms: PLATFORMS, clock, log }),
    audit: async () => {},
    // There is one platform, so nobody has another.
    fallBack: async () => 0,
  });
};

/**
 * The whole service on embedded parts in a folder of its own, with a town in it, and windows for four people. Its clock
 * stands in the morning of the demo.
 */
export const openTalk = async (config: Config, log: Log, onShow: TerminalParts["onShow"]) => {
  const own: Config = { ...config, databaseUrl: null, redisUrl: null, publicUrl: null };
  const onDeath = (why: string) => log.error("crashed", { why });
  const installation = await openInstallation(own, log, { migrate: true, onDeath, demoFrom: DEMO_START });
  const cast = await demoCast();
  const tools = openToolbox(installation, "");
  await tell(installation, tools, cast);
  const code = await codeFor(tools, cast.worker.unitCode);
  const { clock, queue, stores } = installation;
  const platform = terminalPlatform({ onShow, real: clock.real, newId: randomUUID });
  for (const seat of SEAT_NAMES) platform.open(seat);
  await platform.start(receiver({ inbound: stores.inbound, queue, clock, log }));
  const worker = await startWork(installation, platform);
  return {
    platform,
    cast,
    code,
    stores,
    /** Resolves when all that was done is worked off and shown. */
    async settle(): Promise<void> {
      const until = performance.now() + LONGEST_MS;
      while (performance.now() < until && (await stores.demo.isBusy("terminal", clock.now()))) await sleep(LOOK_MS);
    },
    async close(): Promise<void> {
      await platform.stop();
      await worker.stop();
      await installation.close();
    },
  };
};

export type Talk = Awaited<ReturnType<typeof openTalk>>;
