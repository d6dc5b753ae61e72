/**
 * What happens on a rung: who owes is reminded · their deputy is called · the unit above is told, and the one above that ·
 * somebody has to phone, or to go there.
 */
export const DEEDS = ["remind", "deputy", "above", "above-2", "phone", "visit"] as const;

export type Deed = (typeof DEEDS)[number];

/** A rung of a ladder: how far before (negative) or after the due time it is due, and what happens then. */
export interface Rung {
  readonly amount: number;
  readonly unit: "minutes" | "working-days";
  readonly deeds: readonly Deed[];
  /** Also at an hour at which nobody is to be disturbed otherwise: a clock that the law set waits for no morning. */
  readonly anyHour: boolean;
  /** As it was written. */
  readonly rule: string;
}

const RUNG = /^([+-]?)(\d{1,4})(m|h|d|wd)$/;
const MINUTES = { m: 1, h: 60, d: 24 * 60 } as const;

const timeOf = (text: string): Pick<Rung, "amount" | "unit"> | null => {
  if (text === "0") return { amount: 0, unit: "minutes" };
  const [, sign, digits, unit] = RUNG.exec(text) ?? [];
  if (!unit) return null;
  const amount = (sign === "-" ? -1 : 1) * Number(digits);
  if (unit === "wd") return { amount, unit: "working-days" };
  return { amount: amount * MINUTES[unit as keyof typeof MINUTES], unit: "minutes" };
};

const isDeed = (word: string): word is Deed => (DEEDS as readonly string[]).includes(word);

/** What the rungs from the due time on do where nothing is said: they climb. */
const CLIMB: readonly (readonly Deed[])[] = [["deputy", "above"], ["above-2", "visit"], ["above-2"]];

/** `-30m`, or `+2h phone` where something else is to happen than by itself; null for anything else. */
const rung = (rule: string, climbed: number): Rung | null => {
  const [time = "", ...words] = rule.split(" ");
  const when = timeOf(time);
  if (!when || !words.every(isDeed) || new Set(words).size < words.length) return null;
  const deeds = words.length > 0 ? words : when.amount < 0 ? (["remind"] as const) : CLIMB[Math.min(climbed, 2)];
  return { ...when, deeds: deeds ?? [], anyHour: false, rule };
};

/** The named ladders. */
const NAMED: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ["none", []],
  ["gentle", ["-1wd", "+1wd above"]],
  ["standard", ["-30m", "0", "+1wd"]],
  ["urgent", ["-30m", "-10m", "0", "+30m above-2", "+1h phone"]],
  ["flash", ["-3m", "0", "+5m above-2 phone", "+15m visit"]],
  ["legal-clock", ["-30m", "-15m", "-5m", "0", "+30m above-2 phone"]],
]);

/** Its rungs fire at any hour. */
const LEGAL = "legal-clock";

export const LADDERS: readonly string[] = [...NAMED.keys()];

/** A named ladder or a list of rungs such as `-4h`, `0`, `+1wd above`; otherwise the word that is wrong. */
export const parseReminders = (
  value: string | readonly string[],
): { readonly rungs: readonly Rung[] } | { readonly wrong: string } => {
  const rules = typeof value === "string" ? NAMED.get(value) : value;
  if (!rules) return { wrong: String(value) };
  const rungs: Rung[] = [];
  for (const rule of rules) {
    const parsed = rung(String(rule).trim().replace(/\s+/g, " "), rungs.filter(({ amount }) => amount >= 0).length);
    if (!parsed) return { wrong: String(rule) };
    rungs.push({ ...parsed, anyHour: value === LEGAL });
  }
  return { rungs };
};

/** Rungs of one time, in the order of time. */
export interface Step {
  readonly at: Date;
  readonly deeds: readonly Deed[];
  readonly anyHour: boolean;
}

/** Puts rungs in the order of their times. What would have been due before `from` never is. */
export const stepsOf = (rungs: readonly (Rung & { readonly at: Date })[], from: Date): readonly Step[] => {
  const byTime = new Map<number, (Rung & { readonly at: Date })[]>();
  for (const each of rungs.filter(({ at }) => at > from)) {
    const same = byTime.get(each.at.getTime());
    if (same) same.push(each);
    else byTime.set(each.at.getTime(), [each]);
  }
  return [...byTime.entries()]
    .sort(([one], [other]) => one - other)
    .map(([at, same]) => ({
      at: new Date(at),
      deeds: DEEDS.filter((deed) => same.some(({ deeds }) => deeds.includes(deed))),
      anyHour: same.some(({ anyHour }) => anyHour),
    }));
};
