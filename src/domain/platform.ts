export const PLATFORMS = ["telegram", "slack", "feishu", "dingtalk", "wecom", "web"] as const;

/** The platforms an installation may know; the conformance suites bring scripted ones of their own names. */
export type PlatformName = (typeof PLATFORMS)[number] | `scripted-${string}`;
