/** A published hole of a server that we lean on. */
export interface Hole {
  readonly product: "PostgreSQL" | "Redis" | "Valkey";
  /** As it is known: a CVE number. */
  readonly name: string;
  /** Versions from the first (included) to the second, the one that mends it. Where a line has none, the next line that has. */
  readonly affected: readonly (readonly [from: string, mendedIn: string])[];
  readonly source: string;
}

/** Only what takes over a server or stops it for everybody, and whose versions are sure. */
export const HOLES: readonly Hole[] = [
  {
    product: "PostgreSQL",
    name: "CVE-2026-6473",
    affected: [
      ["15", "15.18"],
      ["16", "16.14"],
      ["17", "17.10"],
      ["18", "18.4"],
    ],
    source: "https://www.postgresql.org/about/news/postgresql-184-1710-1614-1518-and-1423-released-3297/",
  },
  {
    product: "Redis",
    name: "CVE-2026-23479",
    affected: [["7.2.0", "8.6.3"]],
    source: "https://nvd.nist.gov/vuln/detail/CVE-2026-23479",
  },
  {
    product: "Redis",
    name: "CVE-2025-49844",
    affected: [
      ["0", "6.2.20"],
      ["7.0.0", "7.2.11"],
      ["7.4.0", "7.4.6"],
      ["8.0.0", "8.0.4"],
      ["8.2.0", "8.2.2"],
    ],
    source: "https://redis.io/blog/security-advisory-cve-2025-49844/",
  },
  {
    product: "Valkey",
    name: "CVE-2026-27623",
    affected: [["9.0.0", "9.0.3"]],
    source: "https://nvd.nist.gov/vuln/detail/CVE-2026-27623",
  },
  {
    product: "Valkey",
    name: "CVE-2026-21863",
    affected: [
      ["0", "7.2.12"],
      ["8.0.0", "8.0.7"],
      ["8.1.0", "8.1.6"],
      ["9.0.0", "9.0.2"],
    ],
    source: "https://nvd.nist.gov/vuln/detail/CVE-2026-21863",
  },
];

/** Until when a line gets security fixes, the day included. */
export const SUPPORTED_UNTIL = {
  // https://www.postgresql.org/support/versioning/
  PostgreSQL: { 15: "2027-11-11", 16: "2028-11-09", 17: "2029-11-08", 18: "2030-11-14" },
  // https://github.com/nodejs/release#release-schedule
  Node: { 20: "2026-04-30", 22: "2027-04-30", 24: "2028-04-30" },
} as const satisfies Record<string, Readonly<Record<number, string>>>;

const parts = (version: string): readonly number[] => version.split(".").map((part) => Number.parseInt(part, 10) || 0);

const isBefore = (one: string, other: string): boolean => {
  const [a, b] = [parts(one), parts(other)];
  const at = Array.from({ length: Math.max(a.length, b.length) }, (_, i) => i).find((i) => (a[i] ?? 0) !== (b[i] ?? 0));
  return at !== undefined && (a[at] ?? 0) < (b[at] ?? 0);
};

/** The first known hole of a version, and the version of its line that mends it. */
export const holeOf = (
  product: Hole["product"],
  version: string,
): { readonly name: string; readonly mendedIn: string } | null => {
  for (const { name, affected } of HOLES.filter((hole) => hole.product === product)) {
    const range = affected.find(([from, mended]) => !isBefore(version, from) && isBefore(version, mended));
    if (range) return { name, mendedIn: range[1] };
  }
  return null;
};

/** The day on which the support of a version ended, where it has. */
export const unsupportedSince = (product: keyof typeof SUPPORTED_UNTIL, version: string, now: Date): string | null => {
  const until: Readonly<Record<number, string>> = SUPPORTED_UNTIL[product];
  const day = until[parts(version)[0] ?? 0] ?? null;
  return day !== null && now.toISOString().slice(0, 10) > day ? day : null;
};
