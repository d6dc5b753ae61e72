import type { PlatformName } from "./platform.ts";

/** Where a person can be reached: opaque to everyone but the platform that issued it. */
export interface Address {
  readonly platform: PlatformName;
  readonly chat: string;
}
