import { type Changes, changesBetween } from "../domain/changes.ts";
import type { Block } from "../domain/content.ts";
import type { Wording } from "../domain/wording.ts";
import type { NoticeRow } from "./view-rows.ts";

/** Comparisons that are kept; there are never many new versions on their way at once. */
const MOST_COMPARED = 100;

const titleOf = ({ title }: NoticeRow): readonly Block[] => [
  { kind: "heading", children: [{ kind: "text", text: title }] },
];

/** Compares each pair of versions once. A title that has changed is the first of the passages. */
export const comparing = (contentOf: (version: NoticeRow) => readonly Block[], wording: Wording) => {
  const known = new Map<string, Changes>();
  return (before: NoticeRow, after: NoticeRow): Changes => {
    const key = `${before.hash} ${after.hash}`;
    const found = known.get(key);
    if (found) return found;
    const { locale } = after;
    const title = changesBetween(titleOf(before), titleOf(after), wording, locale);
    const { passages, whole } = changesBetween(contentOf(before), contentOf(after), wording, locale);
    const changes = { passages: [...title.passages, ...passages], whole: [...title.passages, ...whole] };
    if (known.size >= MOST_COMPARED) known.clear();
    known.set(key, changes);
    return changes;
  };
};
