import { Redis } from "ioredis";
import type { Ask, Slot } from "../domain/pace.ts";
import type { Limiter } from "../ports/limiter.ts";

/**
 * `reserve` of `domain/pace.ts`, on the server and by its clock. KEYS: the common flow, what it is behind, what it holds, then
 * the own flows of each in turn. ARGV: grain and burst of the common flow, microseconds of lead, ahead and of the hold (0 for none), how
 * many own flows each has (one digit each), then grain and burst of every own flow. Numbers are whole microseconds throughout:
 * a double holds them exactly, Lua's own way of writing them does not.
 */
const RESERVE = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local known = {}
local function due(name) if known[name] == nil then known[name] = tonumber(redis.call('GET', name) or 0) end return known[name] end
local changed = {}
local function set(name, value) known[name] = value changed[name] = true end
local grain, burst, lead, ahead = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local hold, counts = tonumber(ARGV[5]), ARGV[6]
local barred = math.max(0, due(KEYS[2]) - now)
local slots, key, arg = {}, 4, 7
for i = 1, #counts do
  local own = tonumber(string.sub(counts, i, i))
  local at = math.max(now + lead, due(KEYS[1]) - (burst - 1) * grain)
  local late = math.max(barred, at - now - ahead)
  local kind, micros = 'granted', at - now
  if late > 0 then
    kind, micros = 'common', late
  else
    local wait = 0
    for j = 0, own - 1 do
      wait = math.max(wait, due(KEYS[key + j]) - (ARGV[arg + 2 * j + 1] - 1) * ARGV[arg + 2 * j] - at)
    end
    if wait > 0 then
      kind, micros = 'own', at - now + wait
    else
      set(KEYS[1], math.max(due(KEYS[1]), at) + grain)
      for j = 0, own - 1 do set(KEYS[key + j], math.max(due(KEYS[key + j]), at) + ARGV[arg + 2 * j]) end
    end
  end
  key, arg = key + own, arg + 2 * own
  slots[#slots + 1] = kind
  slots[#slots + 1] = string.format('%.0f', micros)
end
if hold > 0 then set(KEYS[3], now + hold) end
for name in pairs(changed) do
  redis.call('SET', name, string.format('%.0f', known[name]), 'PX', math.ceil(math.max(1, known[name] - now) / 1000) + 1000)
end
return slots
`;

const FREEZE = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local due = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now + ARGV[1])
redis.call('SET', KEYS[1], string.format('%.0f', due), 'PX', math.ceil((due - now) / 1000) + 1000)
`;

interface Scripts {
  chuandaReserve(count: number, ...keysAndValues: readonly (string | number)[]): Promise<readonly string[]>;
  chuandaFreeze(key: string, micros: number): Promise<unknown>;
}

/** What stands in Redis begins so, beside BullMQ's "bull:"; its user may touch these and no others. */
const PREFIX = "chuanda:pace:";
/** Whoever waits for a slot waits no longer than this for the server. */
const COMMAND_MS = 1_000;

/** A user of Redis may be kept to names that begin so: even the name of nothing does. */
const keyOf = (name: string | null): string => PREFIX + (name ?? "nothing");

const slotsOf = (answer: readonly string[]): readonly Slot[] =>
  Array.from({ length: answer.length / 2 }, (_, at): Slot => {
    const [kind, micros] = [answer[2 * at], Number(answer[2 * at + 1])];
    return kind === "granted"
      ? { kind: "granted", micros }
      : { kind: "wait", scope: kind === "own" ? "own" : "common", micros };
  });

/** Keeps the flows in Redis, where every process meets. Names stand there in plain. */
export const redisLimiter = (url: string): Limiter => {
  const redis = new Redis(url, {
    // Where no platform is limited, nobody ever asks.
    lazyConnect: true,
    commandTimeout: COMMAND_MS,
    maxRetriesPerRequest: null,
    retryStrategy: (times: number) => Math.min(times * 100, 1_000),
    scripts: { chuandaReserve: { lua: RESERVE }, chuandaFreeze: { lua: FREEZE, numberOfKeys: 1 } },
  });
  // Every call that fails says so itself.
  redis.on("error", () => {});
  const scripts = redis as unknown as Scripts;
  return {
    reserve: async ({ common, own, lead, ahead, behind, holds }: Ask) => {
      const flows = own.flat();
      const keys = [common.name, behind, holds?.name ?? null, ...flows.map(({ name }) => name)].map(keyOf);
      const limits = [common, ...flows].map(({ grain, burst }) => [grain, burst]);
      const [first = [], ...others] = limits;
      const counts = own.map((each) => each.length).join("");
      return slotsOf(
        await scripts.chuandaReserve(
          keys.length,
          ...keys,
          ...first,
          lead,
          ahead,
          holds?.micros ?? 0,
          counts,
          ...others.flat(),
        ),
      );
    },
    freeze: async ({ name, grain, burst }, micros) =>
      void (await scripts.chuandaFreeze(keyOf(name), Math.ceil(micros) + (burst - 1) * grain)),
    close: async () => redis.disconnect(),
  };
};
