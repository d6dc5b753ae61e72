/**
 * What a spreadsheet may take for a formula, with or without spaces before it, and with our own sign before it. The
 * full-width signs are taken for it by spreadsheets in East Asian locales (OWASP ASVS 5.0, 1.2.10).
 */
const FORMULA = /^'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/u;

/** A text as a cell of CSV: with an apostrophe before it where it could run as a formula. `unguarded` takes it off again. */
export const guarded = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** A cell of CSV as the text that was meant: one apostrophe less where `guarded` would have put it. */
export const unguarded = (cell: string): string => (cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell);
