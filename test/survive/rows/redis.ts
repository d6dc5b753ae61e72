import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { bullQueue } from "../../../src/queue/bull-queue.ts";
import { testLog } from "../../setup/log.ts";
import type { Injected, Row } from "../endure.ts";
import { fillDisk } from "../injection.ts";
import { everybody, readiness, untilReady, type World } from "../world.ts";
import { failedSyncs } from "./strace.ts";

/** Whether nobody is ready any more, and says so in time, for the queue's sake. */
const notReady = async (world: World): Promise<readonly string[]> => {
  const states = async () => {
    const asked = Date.now();
    const all = await Promise.all(everybody(world).map(readiness));
    return { all, ms: Date.now() - asked };
  };
  let found = await states();
  const away = () => found.all.every((state) => state?.status === 503 && state.checks.queue !== "ok");
  for (const end = Date.now() + 10_000; !away() && Date.now() < end; found = await states()) await sleep(50);
  return away() ? [] : [`readyz does not name the queue: ${JSON.stringify(found)}`];
};

const back = async (world: World, wrong: readonly string[] = [], note = ""): Promise<Injected> => ({
  ready: await untilReady(everybody(world)),
  wrong,
  note,
});

const killed: Row = {
  component: "Redis",
  fault: "kill -9 and return",
  inject: async (world, full) => {
    await world.redis.kill("SIGKILL");
    const wrong = await notReady(world);
    await sleep(full ? 10_000 : 500);
    await world.redis.restart();
    return back(world, wrong);
  },
};

const flushed: Row = {
  component: "Redis",
  fault: "FLUSHALL mid-run",
  inject: async (world, full) => {
    const redis = new Redis(world.redis.url);
    for (let round = 0; round < (full ? 5 : 1); round++) {
      await redis.flushall();
      if (full) await sleep(1_000);
    }
    redis.disconnect();
    return back(world);
  },
};

/** A firewall drops everything, and remembers none of the old connections afterwards. */
const blackHole: Row = {
  component: "Redis",
  fault: "black hole without RST",
  inject: async (world, full) => {
    world.proxy.blackHole();
    const wrong = await notReady(world);
    await sleep(full ? 30_000 : 500);
    world.proxy.forget();
    return back(world, wrong);
  },
};

const wrongPolicy: Row = {
  component: "Redis",
  fault: "wrong policy",
  inject: async (world) => {
    const redis = new Redis(world.redis.url);
    await redis.config("SET", "maxmemory-policy", "allkeys-lru");
    const queue = await bullQueue({ redisUrl: world.redis.url, pool: null as never, log: testLog() });
    const warnings = await queue.warnings();
    await queue.stop();
    await redis.config("SET", "maxmemory-policy", "noeviction");
    redis.disconnect();
    return { wrong: warnings.includes("evicts") ? [] : ["nobody is warned"], note: `warned: ${warnings}` };
  },
};

const diskFull: Row = {
  component: "Redis",
  fault: "AOF disk full",
  inject: async (world, full) => {
    const free = fillDisk(world.redis.folder);
    const redis = new Redis(world.redis.url);
    const refused: string[] = [];
    for (const end = Date.now() + (full ? 10_000 : 2_500); Date.now() < end; await sleep(100))
      await redis.set("ballast", "x".repeat(10_000)).catch((err: Error) => refused.push(err.message));
    free();
    await redis.del("ballast").catch(() => {});
    redis.disconnect();
    return back(world, refused.length > 0 ? [] : ["Redis never felt it"], refused[0]?.slice(0, 40) ?? "");
  },
};

const syncFails: Row = {
  component: "Redis",
  fault: "AOF fsync EIO",
  inject: async (world) => {
    const heal = await failedSyncs(world.redis);
    await sleep(2_500);
    await heal();
    await world.redis.restart();
    return back(world);
  },
};

export const redisRows: readonly Row[] = [killed, flushed, blackHole, wrongPolicy];
export const redisDiskRows: readonly Row[] = [diskFull];
export const redisStraceRows: readonly Row[] = [syncFails];
