import stringWidth from "string-width";

/** Words filled up to a width in columns; a Chinese character takes two. */
export const padded = (words: string, columns: number): string =>
  words + " ".repeat(Math.max(0, columns - stringWidth(words)));

/** The same, with the words at the end. */
export const padStart = (words: string, columns: number): string =>
  " ".repeat(Math.max(0, columns - stringWidth(words))) + words;

export interface Shares {
  readonly done: number;
  readonly proxy: number;
  readonly overdue: number;
  readonly open: number;
  readonly cancelled: number;
}

const INK: Readonly<Record<keyof Shares, string>> = { done: "█", proxy: "▓", overdue: "!", open: "░", cancelled: "·" };

/**
 * A coverage bar in characters, so that it reads without colour: done, by proxy, overdue, open, cancelled. With ten columns
 * or more nothing that is there vanishes.
 */
export const bar = (shares: Shares, columns: number): string => {
  const parts = (Object.keys(INK) as (keyof Shares)[]).filter((part) => shares[part] > 0);
  const total = parts.reduce((sum, part) => sum + shares[part], 0);
  if (total === 0) return "·".repeat(columns);
  const wide = new Map(parts.map((part) => [part, Math.max(1, Math.floor((shares[part] / total) * columns))]));
  const longest = [...wide].reduce((a, b) => (b[1] > a[1] ? b : a));
  const left = columns - [...wide.values()].reduce((a, b) => a + b, 0);
  wide.set(longest[0], longest[1] + left);
  return parts.map((part) => INK[part].repeat(wide.get(part) ?? 0)).join("");
};
