import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

/** Requests a minute and address: of any kind, and of the kind that could be guessed at and did not succeed. */
export interface Rates {
  readonly normal: number;
  readonly tight: number;
}

export interface RateLimits {
  /** False when this address has used up its requests. */
  admit(address: string): Promise<boolean>;
  /** The same for a tight route; what it returns then gives the try back, for an answer that succeeded. */
  admitTight(address: string): Promise<(() => Promise<void>) | null>;
}

/** A home or an office has a whole /64 of IPv6, and may not multiply its tries by it. */
const key = (address: string): string => {
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("::");
  const front = head === "" ? [] : head.split(":");
  const back = tail ? tail.split(":") : [];
  const zeros = tail === undefined ? [] : Array<string>(8 - front.length - back.length).fill("0");
  return [...front, ...zeros, ...back].slice(0, 4).join(":");
};

const taken = async (limiter: RateLimiterMemory, address: string): Promise<boolean> => {
  try {
    await limiter.consume(key(address));
    return true;
  } catch (refused) {
    if (refused instanceof RateLimiterRes) return false;
    throw refused;
  }
};

/** Counted in each process alone: what they guard is this process's time and 256-bit tokens. */
export const rateLimits = (rates: Rates): RateLimits => {
  const normal = new RateLimiterMemory({ points: rates.normal, duration: 60 });
  const tight = new RateLimiterMemory({ points: rates.tight, duration: 60 });
  return {
    admit: (address) => taken(normal, address),
    admitTight: async (address) =>
      (await taken(tight, address))
        ? async () => {
            await tight.reward(key(address));
          }
        : null,
  };
};
