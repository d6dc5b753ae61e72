export const PLATFORMS = ["telegram", "slack", "feishu", "dingtalk", "wecom", "web"] as const;

/** The platforms an installation may know, and that of `chuanda talk`; the conformance suites bring scripted ones of their own names. */
export type PlatformName = (typeof PLATFORMS)[number] | "terminal" | `scripted-${string}`;

/** Platforms that tell when a message arrived; of the others nobody knows, and a zero would be a lie. */
export const WITH_RECEIPTS: ReadonlySet<string> = new Set<PlatformName>(["feishu", "dingtalk", "wecom"]);
