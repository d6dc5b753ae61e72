import type { PLATFORMS } from "./platform.ts";

type NamedPlatform = Exclude<(typeof PLATFORMS)[number], "web">;

/** The columns that hold a platform's own id for a person. The web has none: its address is made here. */
export const ID_PLATFORMS = [
  "telegram",
  "slack",
  "feishu",
  "dingtalk",
  "wecom",
] as const satisfies readonly NamedPlatform[];

/** How an id looks that is right, for the words of a problem. */
export const ID_EXAMPLES: Readonly<Record<NamedPlatform, string>> = {
  telegram: "123456789",
  slack: "U012AB3CD",
  feishu: "ou_7d8a6e6df7621556ce0d21922b676706",
  dingtalk: "manager4220",
  wecom: "ZhangSan",
};

/**
 * Telegram: a user's id is positive and has at most 52 significant bits (core.telegram.org/bots/api#user); groups are
 * negative. Slack: people's ids begin with U or W (api.slack.com/types/user). Feishu: open_id, union_id or a tenant's
 * own user_id, never a chat (oc_) or an app (cli_). DingTalk and WeCom: 1–64 letters, digits and _-@. — beginning with
 * a letter or digit, so that nothing reads as "@all" (developer.work.weixin.qq.com/document/path/90195).
 */
const SHAPES: Readonly<Record<NamedPlatform, RegExp>> = {
  telegram: /^[1-9]\d{0,15}$/,
  slack: /^[UW][A-Z0-9]{2,30}$/,
  feishu: /^(?!oc_|cli_)[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
  dingtalk: /^[A-Za-z0-9][A-Za-z0-9_@.-]{0,63}$/,
  wecom: /^[A-Za-z0-9][A-Za-z0-9_@.-]{0,63}$/,
};

export const isPlatformId = (platform: NamedPlatform, id: string): boolean =>
  SHAPES[platform].test(id) && (platform !== "telegram" || Number(id) < 2 ** 52);

/** Mainland mobiles (号段 13–19, eleven digits) with or without 86, and E.164 for everything else. */
const MOBILE = /^(?:\+?86)?(1[3-9]\d{9})$/;
const E164 = /^\+(?!86[01])[1-9]\d{6,14}$/;

/** A phone in E.164; null when it is none. Spaces, hyphens, dots and brackets are only there for reading. */
export const phoneNumber = (text: string): string | null => {
  const bare = text
    .normalize("NFKC")
    .replace(/[\s().-]/gu, "")
    .replace(/^00/, "+");
  const mobile = MOBILE.exec(bare)?.[1];
  if (mobile) return `+86${mobile}`;
  return E164.test(bare) ? bare : null;
};

/** A phone as people here write it, so that `phoneNumber` reads the same: a mainland mobile in its eleven digits. */
export const phoneAsWritten = (phone: string): string => MOBILE.exec(phone)?.[1] ?? phone;
