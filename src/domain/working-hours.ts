/** Minutes after midnight, in the zone of whoever works then. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** 08:30–12:00 and 14:00–17:30. */
export const WORKING_HOURS: readonly Span[] = [
  { from: 8 * 60 + 30, to: 12 * 60 },
  { from: 14 * 60, to: 17 * 60 + 30 },
];

const SPAN = /^([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/;
const DAY = 24 * 60;

/** "08:30-12:00 14:00-17:30", one after the other within a day; null for anything else. */
export const parseHours = (text: string): readonly Span[] | null => {
  const spans: Span[] = [];
  for (const part of text.trim().split(/\s+/)) {
    const [from, to] = (SPAN.exec(part)?.slice(1) ?? []).map(Number).reduce<number[]>((minutes, value, at) => {
      if (at % 2 === 0) minutes.push(value * 60);
      else minutes.push((minutes.pop() ?? 0) + value);
      return minutes;
    }, []);
    if (from === undefined || to === undefined || from >= to || to > DAY || from < (spans.at(-1)?.to ?? 0)) return null;
    spans.push({ from, to });
  }
  return spans;
};
