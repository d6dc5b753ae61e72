import type { DeliveryView } from "../../dialogue/view.ts";
import type { Address } from "../../domain/address.ts";
import type { Lane, SendOutcome } from "../../domain/delivery.ts";
import type { DeliveryId } from "../../domain/ids.ts";
import type { Locale } from "../../domain/language.ts";
import type { PlatformName } from "../../domain/platform.ts";

/** A claim on rows. What a lease has lost to time is refused to it. */
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
  readonly work: "send" | "redraw";
  readonly lane: Lane;
  readonly address: Address;
  /** The platform's message id, when there is one to redraw. */
  readonly ref: string | null;
  /** The revision that is wanted now; settling says that this one was drawn. */
  readonly rev: number;
  readonly attempts: number;
}

export interface Settled {
  readonly delivery: ClaimedDelivery;
  readonly outcome: SendOutcome;
  /** The language version of the notice that was drawn. */
  readonly shownLocale: Locale | null;
}

export interface Swept {
  /** Claimed and never begun: back to pending. */
  readonly returned: number;
  /** Claimed and begun: now in doubt (or pending, where a repeat cannot double). */
  readonly doubted: number;
  /** In doubt long enough: pending once more, marked as a repeat. */
  readonly repeated: number;
  /** Cards whose offer ran out: to be drawn again. */
  readonly refreshed: number;
}

export interface DeliveryStore {
  /**
   * Claims up to `limit` rows of one lane that may go now: pending ones to send, or sent ones whose card is no longer
   * right to redraw. Rows of other claimants are skipped, not waited for. Nothing while the platform or the method pauses.
   */
  claim(
    what: { readonly platform: PlatformName; readonly lane: Lane; readonly limit: number; readonly lease: Lease },
    times: Times,
  ): Promise<readonly ClaimedDelivery[]>;
  /** Marks durably that these may leave from now on; returns those that are still this lease's. */
  begin(deliveries: readonly ClaimedDelivery[], lease: Lease, times: Times): Promise<readonly ClaimedDelivery[]>;
  /** Writes what became of them, in one statement a kind; rows that the lease has lost are left alone. */
  settle(results: readonly Settled[], lease: Lease, times: Times): Promise<void>;
  /** Gives claims back unharmed (a graceful stop). */
  release(deliveries: readonly ClaimedDelivery[], lease: Lease): Promise<void>;
  /** Puts right what crashed or vanished. `idempotent` names the platforms where a repeat cannot double. */
  sweep(idempotent: readonly PlatformName[], times: Times): Promise<Swept>;
  /** What each of these messages shows. Those that no longer exist are missing from the answer. */
  view(ids: readonly DeliveryId[], times: Times): Promise<readonly DeliveryView[]>;
  /** A receipt. States only ever move forward; an unknown ref is ignored. */
  receive(platform: PlatformName, ref: string, state: "delivered" | "seen", times: Times): Promise<void>;
}
