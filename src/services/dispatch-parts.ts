import type { Card } from "../dialogue/screen.ts";
import type { DeliveryId } from "../domain/ids.ts";
import type { Stream } from "../domain/stream.ts";
import type { ChatPlatform } from "../ports/chat-platform.ts";
import type { Clock } from "../ports/clock.ts";
import type { Limiter } from "../ports/limiter.ts";
import type { Log } from "../ports/log.ts";
import type { ClaimedDelivery, DeliveryStore, Times } from "../ports/store/delivery-store.ts";

export interface DispatchParts {
  readonly platform: Pick<ChatPlatform, "name" | "limits" | "send" | "redraw">;
  readonly deliveries: Pick<DeliveryStore, "claim" | "claimSuspects" | "begin" | "renew" | "settle">;
  /**
   * What these messages look like now; those that there is nothing to show of are missing from the answer, and
   * null is what is of no use any more.
   */
  readonly draw: (ids: readonly DeliveryId[]) => Promise<ReadonlyMap<DeliveryId, Card | null>>;
  /** Slots within the platform's limits, shared by all processes. */
  readonly limiter: Pick<Limiter, "reserve" | "freeze">;
  /** A chat's name where others may read it. */
  readonly hide: (chat: string) => string;
  readonly clock: Clock;
  readonly log: Log;
  readonly newLeaseId: () => string;
}

/** This process's hold on a claimed delivery (real time, milliseconds). */
export interface Hold {
  readonly delivery: ClaimedDelivery;
  readonly since: number;
  /** When it runs out. */
  until: number;
}

/** A claimed delivery, drawn and on its way. */
export interface Held {
  readonly delivery: ClaimedDelivery;
  readonly stream: Stream;
  readonly card: Card;
  readonly hold: Hold;
}

/** How long a claim holds: what a dead process held is taken up again after this time and one sweep. */
export const LEASE_MS = 4_000;
/** A result is written at the latest when this many have gathered, or after this time. */
export const FLUSH_SIZE = 50;
export const FLUSH_MS = 50;

export const timesOf = (clock: Clock): Times => ({ now: clock.now(), real: clock.real() });
