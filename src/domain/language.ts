export const LOCALES = ["zh-CN", "en"] as const;

export type Locale = (typeof LOCALES)[number];

/** The language of ours that a BCP 47 tag asks for; null where we have none. */
export const localeOf = (tag: string | null | undefined): Locale | null => {
  const language = tag?.split(/[-_.]/)[0]?.toLowerCase();
  return language === "zh" ? "zh-CN" : language === "en" ? "en" : null;
};
