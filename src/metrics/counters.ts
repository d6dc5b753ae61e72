import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { Metrics } from "../ports/metrics.ts";
import type { Swept } from "../ports/store/delivery-store.ts";

/** From a fast row to the longest that a send may take. */
const SEND_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 16];
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];
/** From at once to what only a sweep after a dead process takes up. */
const LATE_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST"]);

const SWEEPS = [
  "returned",
  "doubted",
  "poisonous",
  "repeated",
  "refreshed",
] as const satisfies readonly (keyof Swept)[];

const clockGauge = (registry: Registry): Metrics["audited"] => {
  const help = "Obligations with a ladder, and of these what is late, stands still, or was not told.";
  const gauge = new Gauge({ registers: [registry], name: "chuanda_clock", help, labelNames: ["what"] });
  return ({ open, late, stuck, untold }) => {
    for (const [what, count] of Object.entries({ open, late, stuck, untold })) gauge.set({ what }, count);
  };
};

/** What this process has counted since it began. */
export const counters = (registry: Registry): Metrics => {
  const common = { registers: [registry] };
  const count = <Label extends string>(name: string, help: string, ...labelNames: readonly Label[]) =>
    new Counter({ ...common, name: `chuanda_${name}_total`, help, labelNames: [...labelNames] });
  const time = <Label extends string>(name: string, help: string, buckets: number[], ...labelNames: readonly Label[]) =>
    new Histogram({ ...common, name: `chuanda_${name}_seconds`, help, buckets, labelNames: [...labelNames] });

  const sends = count("sends", "Attempts to send or redraw a message.", "platform", "work", "outcome");
  const sending = time("send_duration", "How long a platform took.", SEND_SECONDS, "platform", "work");
  const swept = count("swept_deliveries", "Deliveries that a sweep put right.", "result");
  const sealed = count("ledger_sealed_entries", "Ledger entries that were signed.");
  const received = count("inbound_received", "Events that were stored.", "platform", "kind");
  const handled = count("inbound_handled", "Events that were worked off.");
  const late = time("job_lateness", "From a hint until somebody takes it.", LATE_SECONDS, "job");
  const refused = count("webhooks_refused", "Requests to a webhook that were turned away.", "platform", "reason");
  const requested = time(
    "http_request_duration",
    "From a request to its answer; a stream is answered when it begins.",
    REQUEST_SECONDS,
    "method",
    "route",
    "status",
  );
  for (const result of SWEEPS) swept.inc({ result }, 0);
  return {
    sent: (platform, work, outcome, seconds) => {
      sends.inc({ platform, work, outcome });
      sending.observe({ platform, work }, seconds);
    },
    swept: (found) => {
      for (const result of SWEEPS) swept.inc({ result }, found[result]);
    },
    audited: clockGauge(registry),
    sealed: (entries) => sealed.inc(entries),
    received: (platform, kind) => received.inc({ platform, kind }),
    handled: (events) => handled.inc(events),
    hintTaken: (job, seconds) => late.observe({ job }, seconds),
    refused: (platform, reason) => refused.inc({ platform, reason }),
    requested: ({ method, route, status, seconds }) =>
      requested.observe({ method: METHODS.has(method) ? method : "other", route, status: String(status) }, seconds),
  };
};
