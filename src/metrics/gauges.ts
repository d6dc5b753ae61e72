import { Gauge, type Registry } from "prom-client";
import { LANES } from "../domain/delivery.ts";
import type { Backlog, OpenDeliveries } from "../ports/store/backlog-store.ts";

/** What the database says, the same in every process: to be shown as a maximum over them, never as a sum. */
export interface Stored {
  readonly backlog: Backlog;
  /** Of the living processes, a role each. */
  readonly roles: readonly string[];
  readonly now: Date;
  readonly real: Date;
}

type Tell = (stored: Stored) => void;
type Make = <Label extends string>(name: string, help: string, ...labels: readonly Label[]) => Gauge<Label>;

const STATES: readonly OpenDeliveries["state"][] = ["pending", "sending", "in-doubt"];

/** Due in the future is not late. */
const age = (since: Date | null, now: Date): number =>
  since === null ? 0 : Math.max(0, (now.getTime() - since.getTime()) / 1_000);

const deliveries = (gauge: Make, platforms: readonly string[]): Tell => {
  const open = gauge("deliveries", "Messages that are not done with.", "platform", "lane", "state");
  const oldest = gauge("lane_oldest_seconds", "Since when the oldest message of a lane is due.", "platform", "lane");
  const doubt = gauge("doubt_oldest_seconds", "Since when the oldest message is in doubt.", "platform", "lane");
  // Every platform that is switched on has its series from the beginning, so that nothing appears out of nowhere.
  const lanes = platforms.flatMap((platform) => LANES.map((lane) => ({ platform, lane })));
  const begin = (): void => {
    for (const each of [open, oldest, doubt]) each.reset();
    for (const lane of lanes) {
      oldest.set(lane, 0);
      doubt.set(lane, 0);
      for (const state of STATES) open.set({ ...lane, state }, 0);
    }
  };
  return ({ backlog, now }) => {
    begin();
    for (const { platform, lane, state, count, oldest: since } of backlog.deliveries) {
      open.set({ platform, lane, state }, count);
      if (state === "pending") oldest.set({ platform, lane }, age(since, now));
      if (state === "in-doubt") doubt.set({ platform, lane }, age(since, now));
    }
  };
};

const platformsOwn = (gauge: Make, platforms: readonly string[]): Tell => {
  const redraws = gauge("redraws", "Cards that are to be drawn again.", "platform");
  const paused = gauge("platform_paused_seconds", "How long a platform still asks to wait.", "platform", "method");
  return ({ backlog, real }) => {
    for (const each of [redraws, paused]) each.reset();
    for (const platform of platforms) redraws.set({ platform }, 0);
    for (const { platform, count } of backlog.redraws) redraws.set({ platform }, count);
    for (const { platform, method, until } of backlog.pauses) paused.set({ platform, method }, age(real, until));
  };
};

const events = (gauge: Make): Tell => {
  const pending = gauge("inbound_pending", "Events that wait to be worked off.");
  const oldest = gauge("inbound_oldest_seconds", "Since when the oldest of them waits.");
  const failed = gauge("inbound_failed", "Events that could not be worked off and are parked.");
  return ({ backlog, now }) => {
    pending.set(backlog.events.pending);
    oldest.set(age(backlog.events.oldest, now));
    failed.set(backlog.events.failed);
  };
};

const ledger = (gauge: Make): Tell => {
  const unsealed = gauge("ledger_unsealed_entries", "Ledger entries that are not signed yet.");
  const oldest = gauge("ledger_oldest_unsealed_seconds", "Since when the oldest of them waits.");
  return ({ backlog, now }) => {
    unsealed.set(backlog.unsealed.count);
    oldest.set(age(backlog.unsealed.oldest, now));
  };
};

const processes = (gauge: Make): Tell => {
  const living = gauge("processes", "Living processes of the service.", "role");
  return ({ roles }) => {
    for (const role of ["web", "worker"]) living.set({ role }, roles.filter((each) => each === role).length);
  };
};

export const gauges = (registry: Registry, platforms: readonly string[]): Tell => {
  const gauge: Make = (name, help, ...labelNames) =>
    new Gauge({ registers: [registry], name: `chuanda_${name}`, help, labelNames: [...labelNames] });
  const all = [
    deliveries(gauge, platforms),
    platformsOwn(gauge, platforms),
    events(gauge),
    ledger(gauge),
    processes(gauge),
  ];
  return (stored) => {
    for (const tell of all) tell(stored);
  };
};
