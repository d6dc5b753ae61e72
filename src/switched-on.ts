import type { Config } from "./config.ts";
import type { PlatformName } from "./domain/platform.ts";

/** The platforms that are switched on, in the order in which they are preferred for a person who has several. */
export const switchedOn = ({ telegram, slack }: Config): readonly PlatformName[] => [
  ...(telegram ? (["telegram"] as const) : []),
  ...(slack ? (["slack"] as const) : []),
  "web",
];
