/**
 * What changes how text is read without being seen: bidirectional controls, zero-width characters, soft hyphens,
 * interlinear marks. An attacker's tools, never part of a name. A joiner between pictographs makes one of them and stays.
 */
const UNSEEN =
  /(?<!\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]{0,2})\u200d|\u200d(?!\p{Extended_Pictographic})|[\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]/gu;
/** C0 and C1 controls and the Unicode line ends. */
const BREAKING = /[\p{Cc}\u2028\u2029]+/gu;

/** Text on one line, without anything that cannot be seen; spaces in a row become one. */
export const visibleText = (text: string): string =>
  text.replace(UNSEEN, "").replace(BREAKING, " ").replace(/\s+/gu, " ").trim();

/** The same for text of several lines: line breaks and tabs stay, and so do spaces. */
export const visibleLines = (text: string): string =>
  text.replace(UNSEEN, "").replace(/[\p{Cc}\u2028\u2029]/gu, (sign) => (sign === "\n" || sign === "\t" ? sign : ""));
