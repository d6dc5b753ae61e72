import { diffArrays } from "diff";
import type { Step, Wording } from "../domain/wording.ts";

/** The time grows with the length times the differences; beyond this many nobody reads them one by one. */
const MOST_EDITS = 500;

const kindOf = ({ added, removed }: { readonly added: boolean; readonly removed: boolean }): Step["kind"] => {
  if (added) return "inserted";
  return removed ? "deleted" : "same";
};

const segmenters = new Map<string, Intl.Segmenter>();
const segmenter = (locale: string): Intl.Segmenter => {
  const known = segmenters.get(locale) ?? new Intl.Segmenter(locale, { granularity: "word" });
  segmenters.set(locale, known);
  return known;
};

/** Words as the Unicode rules and, for Chinese, a dictionary find them (UAX #29); the shortest way between lists (Myers). */
export const wording: Wording = {
  words: (text, locale) => Array.from(segmenter(locale).segment(text), ({ segment }) => segment),
  steps: (before, after) =>
    diffArrays([...before], [...after], { maxEditLength: MOST_EDITS })?.map((change) => ({
      kind: kindOf(change),
      values: change.value,
    })) ?? [
      { kind: "deleted", values: before },
      { kind: "inserted", values: after },
    ],
};
