import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Metrics } from "../ports/metrics.ts";
import { counters } from "./counters.ts";
import { gauges, type Stored } from "./gauges.ts";

export interface MetricsOptions {
  readonly version: string;
  /** The platforms that are switched on. */
  readonly platforms: readonly string[];
  /** What the database says now; rejects where it does not answer. */
  readonly read: () => Promise<Stored>;
}

export interface OpenMetrics extends Metrics {
  /** Everything in Prometheus' text format 0.0.4. Never rejects; what the database would say is left out while it is away. */
  scrape(): Promise<{ readonly type: string; readonly text: string }>;
}

/** Several scrapers, or an impatient one, cost the database no more than one. */
const KEEP_MS = 2_000;
/** A scrape that takes longer than Prometheus waits tells nothing at all. */
const PATIENCE_MS = 3_000;

const within = async <T>(work: Promise<T>): Promise<T | null> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, null);
  });
  return Promise.race([work.catch(() => null), late]).finally(() => clearTimeout(timer));
};

/** Asks at most once at a time, and answers from memory for a moment. */
const remembering = (read: () => Promise<Stored>): (() => Promise<Stored>) => {
  let asked: Promise<Stored> | null = null;
  return () => {
    asked ??= read().finally(() => {
      setTimeout(() => {
        asked = null;
      }, KEEP_MS).unref();
    });
    return asked;
  };
};

/** A registry of our own: what libraries may register globally stays out. */
export const openMetrics = ({ version, platforms, read }: MetricsOptions): OpenMetrics => {
  const own = new Registry();
  const stored = new Registry();
  collectDefaultMetrics({ register: own });
  const common = { registers: [own] };
  new Gauge({ ...common, name: "chuanda_build_info", help: "What runs.", labelNames: ["version"] }).set({ version }, 1);
  const up = new Gauge({ ...common, name: "chuanda_database_up", help: "Whether the database answered this scrape." });
  const show = gauges(stored, platforms);
  const ask = remembering(read);
  return {
    ...counters(own),
    scrape: async () => {
      const found = await within(ask());
      up.set(found ? 1 : 0);
      if (found) show(found);
      return { type: own.contentType, text: (await own.metrics()) + (found ? `\n${await stored.metrics()}` : "") };
    },
  };
};
