import type { Redis } from "ioredis";
import type { QueueFacts } from "../ports/server-facts.ts";

type Fact = (name: string) => string | null;

/** What BullMQ needs. */
const isOld = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < 6 || (major === 6 && minor < 2);
};

/** A user may be kept from INFO and CONFIG, which Redis counts among the dangerous commands: then it is not known. */
const told = <T>(answer: Promise<T>): Promise<T | null> =>
  answer.catch((error: unknown) => {
    if (error instanceof Error && error.message.startsWith("NOPERM")) return null;
    throw error;
  });

const persistence = async (redis: Redis, fact: Fact): Promise<boolean | null> => {
  if (fact("aof_enabled") === "1") return true;
  const saves = await told(redis.config("GET", "save"));
  return saves === null ? null : /\d/.test(JSON.stringify(saves));
};

const share = (used: number, most: number): number | null => (most > 0 ? used / most : null);

/** Halving the round trip; null where that took too long to say anything. */
const ahead = async (redis: Redis): Promise<number | null> => {
  const before = Date.now();
  const time = await told(redis.time());
  const after = Date.now();
  if (time === null || after - before > 1_000) return null;
  return Math.round(Number(time[0]) * 1_000 + Number(time[1]) / 1_000 - (before + after) / 2);
};

export const redisFacts = async (redis: Redis): Promise<QueueFacts> => {
  const aheadMs = await ahead(redis);
  const facts = await told(redis.info());
  const fact: Fact = (name) => new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(facts ?? "")?.[1] ?? null;
  const valkey = fact("valkey_version");
  return {
    product: valkey === null ? "Redis" : "Valkey",
    version: valkey ?? fact("redis_version") ?? "",
    // Valkey tells with which Redis it agrees.
    old: facts !== null && isOld(fact("redis_version") ?? ""),
    policy: fact("maxmemory_policy"),
    persists: facts === null ? null : await persistence(redis, fact),
    writesFail: fact("aof_last_write_status") === "err" || fact("rdb_last_bgsave_status") === "err",
    full: share(Number(fact("used_memory") ?? 0), Number(fact("maxmemory") ?? 0)),
    aheadMs,
  };
};
