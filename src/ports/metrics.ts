import type { SendOutcome } from "../domain/delivery.ts";
import type { PlatformName } from "../domain/platform.ts";
import type { Incoming } from "./chat-platform.ts";
import type { Hint } from "./queue.ts";
import type { Refused } from "./route.ts";
import type { ClockAudit } from "./store/chase-store.ts";
import type { Swept } from "./store/delivery-store.ts";

/**
 * Counts what happens, for whoever watches the service. Every value that tells one series from another comes from a
 * closed set: never an id, a name, an address or somebody's words. Times in seconds.
 */
export interface Metrics {
  /** `threw`: a bug of the platform's. */
  sent(platform: PlatformName, work: "send" | "redraw", outcome: SendOutcome["kind"] | "threw", seconds: number): void;
  swept(swept: Swept): void;
  audited(found: ClockAudit): void;
  sealed(entries: number): void;
  /** An event was taken from a platform and stored. */
  received(platform: PlatformName, kind: Incoming["what"]["kind"]): void;
  /** Events were worked off. */
  handled(events: number): void;
  /** A hint was taken, so long after it was given. */
  hintTaken(name: Hint["name"], seconds: number): void;
  /** A request to a webhook was turned away. */
  refused(platform: PlatformName, reason: Refused["reason"]): void;
  /** A request was answered; `route` is its pattern, "other" where there is none. */
  requested(request: {
    readonly method: string;
    readonly route: string;
    readonly status: number;
    readonly seconds: number;
  }): void;
}
