/** Enough for any notice, and little enough for every platform's longest form. */
export const MOST_CHARACTERS = 20_000;
/**
 * So many signs of markup at most. The time to read Markdown grows with the square of what is nested or left open: ten
 * thousand hyphens in a row take minutes and end the stack. No notice has a tenth of this.
 */
export const MOST_MARKUP = 1000;

const MARKUP = /[*_[\]<>!`=#+~\\-]|\d[.)]/g;

/** Whether reading it could take longer than anybody waits. */
export const isTooInvolved = (markdown: string): boolean =>
  markdown.length > MOST_CHARACTERS || (markdown.match(MARKUP)?.length ?? 0) > MOST_MARKUP;
