/** A rung of a ladder: how far before (negative) or after the due time it fires, in minutes or in working days. */
export interface Rung {
  readonly amount: number;
  readonly unit: "minutes" | "working-days";
  readonly rule: string;
}

const RUNG = /^([+-]?)(\d{1,4})(m|h|d|wd)$/;
const MINUTES = { m: 1, h: 60, d: 24 * 60 } as const;

const rung = (rule: string): Rung | null => {
  if (rule === "0") return { amount: 0, unit: "minutes", rule };
  const [, sign, digits, unit] = RUNG.exec(rule) ?? [];
  if (!unit) return null;
  const amount = (sign === "-" ? -1 : 1) * Number(digits);
  if (unit === "wd") return { amount, unit: "working-days", rule };
  return { amount: amount * MINUTES[unit as keyof typeof MINUTES], unit: "minutes", rule };
};

/** The named ladders: `none`, and `standard` — half an hour before, at the due time, a working day after. */
const NAMED: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ["none", []],
  ["standard", ["-30m", "0", "+1wd"]],
]);

/** A named ladder or a list of rungs such as `-4h`, `0`, `+1wd`; otherwise the word that is wrong. */
export const parseReminders = (
  value: string | readonly string[],
): { readonly rungs: readonly Rung[] } | { readonly wrong: string } => {
  const rules = typeof value === "string" ? NAMED.get(value) : value;
  if (!rules) return { wrong: String(value) };
  const rungs: Rung[] = [];
  for (const rule of rules) {
    const parsed = rung(String(rule));
    if (!parsed) return { wrong: String(rule) };
    rungs.push(parsed);
  }
  return { rungs };
};
