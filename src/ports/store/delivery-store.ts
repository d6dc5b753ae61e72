import type { DeliveryView } from "../../dialogue/view.ts";
import type { Address } from "../../domain/address.ts";
import type { Lane } from "../../domain/delivery.ts";
import type { DeliveryId } from "../../domain/ids.ts";
import type { Locale } from "../../domain/language.ts";
import type { PlatformName } from "../../domain/platform.ts";
import type { Next } from "../../domain/settle.ts";
import type { Stream } from "../../domain/stream.ts";

/** A claim on rows, a fresh one for each claim. What it has lost to time is refused to it. */
export interface Lease {
  readonly id: string;
  /** Real time. */
  readonly until: Date;
}

export interface Times {
  readonly now: Date;
  readonly real: Date;
}

export interface ClaimedDelivery {
  readonly id: DeliveryId;
  readonly lease: string;
  readonly work: "send" | "redraw";
  readonly lane: Lane;
  readonly address: Address;
  /** The platform's message id, when there is one to redraw. */
  readonly ref: string | null;
  /** The revision that is wanted now; settling says that this one was drawn. */
  readonly rev: number;
  /** How often it was claimed since the platform last answered, this time included. */
  readonly attempts: number;
}

export interface Settled {
  readonly delivery: ClaimedDelivery;
  readonly next: Next;
  /** The language version of the notice that was drawn. */
  readonly shownLocale: Locale | null;
}

export interface Swept {
  /** Claimed by a process that has gone: pending again, because nothing had left or a repeat cannot double. */
  readonly returned: number;
  /** Claimed by a process that has gone, and begun: now in doubt. */
  readonly doubted: number;
  /** What has killed its process too often: refused, or never redrawn. */
  readonly poisonous: number;
  /** In doubt long enough: pending once more, marked as a repeat. */
  readonly repeated: number;
  /** Cards whose offer ran out: to be drawn again. */
  readonly refreshed: number;
}

export interface DeliveryStore {
  /**
   * Claims up to `limit` rows of one stream that may go now. Rows of other claimants are skipped, not waited for.
   * Nothing while the platform or the method pauses. A row whose address nobody can read any more is gone. Suspects and
   * kinds that this release does not know are left out.
   */
  claim(
    what: { readonly platform: PlatformName; readonly stream: Stream; readonly limit: number; readonly lease: Lease },
    times: Times,
  ): Promise<readonly ClaimedDelivery[]>;
  /**
   * Claims, of whatever stream, what was in the hands of a process that died before it had begun: one of these may have
   * been the cause. A few at a time, and the more suspicious alone: the claimant deals with them before it asks again.
   */
  claimSuspects(platform: PlatformName, lease: Lease, times: Times): Promise<readonly ClaimedDelivery[]>;
  /**
   * Marks durably that these may leave from now on. Returns those that may: still their lease's, still wanted as they
   * were claimed, and nobody has been asked to wait meanwhile. The others are to be returned.
   */
  begin(deliveries: readonly ClaimedDelivery[], times: Times): Promise<readonly ClaimedDelivery[]>;
  /** Holds on to what takes long, and returns what is held on to; what a lease has lost already stays lost. */
  renew(deliveries: readonly ClaimedDelivery[], until: Date): Promise<ReadonlySet<DeliveryId>>;
  /**
   * Writes what became of them, one statement a kind. A late truth still settles a row in doubt, or one that its
   * person's answer has settled meanwhile; rows that another lease has, or that were put back, are left alone.
   */
  settle(results: readonly Settled[], times: Times): Promise<void>;
  /** Puts right what crashed or vanished. `idempotent` names the platforms where a repeat cannot double. */
  sweep(idempotent: readonly PlatformName[], times: Times): Promise<Swept>;
  /** What each of these messages shows. Those that no longer exist, or whose person was erased, are missing from the answer. */
  view(ids: readonly DeliveryId[], times: Times): Promise<readonly DeliveryView[]>;
  /**
   * A receipt for a message in this chat. States only ever move forward. False when no such message is known to have
   * been sent, which may be so only because the receipt was faster than our own note of the sending.
   */
  receive(from: Address, ref: string, state: "delivered" | "seen", times: Times): Promise<boolean>;
}
