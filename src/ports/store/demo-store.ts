import type { Address } from "../../domain/address.ts";
import type { PersonId } from "../../domain/ids.ts";
import type { PlatformName } from "../../domain/platform.ts";

/** Something that just happened, without a person's name. */
export interface Happening {
  /** Service time. */
  readonly at: Date;
  readonly unitName: string;
  readonly number: string;
  readonly ack: string;
  readonly how: "tap" | "proxy" | "paper";
  /** How many of the units under the same parent are still open. */
  readonly left: number;
  readonly above: string;
}

/** What the demo reads and keeps beyond what the service itself does. */
export interface DemoStore {
  /** The latest answers, newest first. */
  recent(limit: number): Promise<readonly Happening[]>;
  /** People with a web account who owe something, in no particular order; without those of these chats. */
  waiting(except: readonly string[]): Promise<readonly PersonId[]>;
  /** The chat (the web account's address) of the holder of an office in a unit; null when there is none. */
  chatOf(code: string, name: string): Promise<string | null>;
  /** Gives the holder of an office an address on another platform; rejects where there is no such person. */
  seat(code: string, name: string, address: Address): Promise<void>;
  /** Whether anything that people did, or that they are to see there, is still under way. */
  isBusy(platform: PlatformName, now: Date): Promise<boolean>;
  /** Where the demo's clock stood when it was last told; null at the first start. */
  clock(): Promise<Date | null>;
  keepClock(at: Date): Promise<void>;
}
