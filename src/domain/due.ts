/** When something is due, as a notice says it. Lengths run from the moment of publishing. */
export type Due =
  | { readonly kind: "clock"; readonly minutes: number; readonly rule: string }
  | { readonly kind: "working-days"; readonly days: number; readonly rule: string }
  | { readonly kind: "working-hours"; readonly hours: number; readonly rule: string }
  | { readonly kind: "moment"; readonly at: Date; readonly rule: string };

const LENGTH = /^(\d{1,4})(m|h|d|wd|wh)$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;
const MINUTES = { m: 1, h: 60, d: 24 * 60 } as const;

/** Whether the calendar has this day: of one that it lacks, JavaScript silently makes a later one. */
const isDay = (day: string): boolean => new Date(`${day}T00:00Z`).toISOString().startsWith(day);

/** `30m`, `4h`, `2d` (clock time), `1wd` (working days), `4wh` (working hours) or an ISO moment with an offset; null for anything else. */
export const parseDue = (text: string): Due | null => {
  if (MOMENT.test(text)) {
    const at = new Date(text);
    return Number.isNaN(at.getTime()) || !isDay(text.slice(0, 10)) ? null : { kind: "moment", at, rule: text };
  }
  const [, digits, unit] = LENGTH.exec(text) ?? [];
  const amount = Number(digits);
  if (!unit || amount < 1) return null;
  if (unit === "wd") return { kind: "working-days", days: amount, rule: text };
  if (unit === "wh") return { kind: "working-hours", hours: amount, rule: text };
  return { kind: "clock", minutes: amount * MINUTES[unit as keyof typeof MINUTES], rule: text };
};

/** How long `30m`, `4h` or `2d` lasts, in milliseconds; null for anything else. */
export const clockMillis = (text: string): number | null => {
  const due = parseDue(text);
  return due?.kind === "clock" ? due.minutes * 60_000 : null;
};
