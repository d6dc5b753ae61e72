import type { Finding } from "../dialogue/finding.ts";
import { fine, warning, wrong } from "../dialogue/finding.ts";
import { unsupportedSince } from "../domain/known-holes.ts";
import type { Calendar } from "../ports/calendar.ts";

/** Clocks of one machine room agree far better than this. */
const SKEW_MS = 2_000;
/** Platforms refuse what is signed further off, and take our signatures for old. */
const BAD_SKEW_MS = 300_000;
/** No clock that goes right says an earlier day than this build was made on. */
const BUILT = new Date("2026-11-01T00:00:00Z");

/** Whether this machine's clock agrees with those of the servers; each as milliseconds ahead of ours. */
export const examineClock = (
  servers: readonly { readonly name: string; readonly aheadMs: number | null }[],
  real: Date,
): readonly Finding[] => {
  const skewed = servers.flatMap(({ name, aheadMs }) => {
    const off = Math.abs(aheadMs ?? 0);
    if (off < SKEW_MS) return [];
    return [(off < BAD_SKEW_MS ? warning : wrong)("clock.skewed", { server: name, seconds: Math.round(off / 1_000) })];
  });
  const past = real < BUILT ? [wrong("clock.past", { day: real.toISOString().slice(0, 10) })] : [];
  const found = [...past, ...skewed];
  return found.length > 0 ? found : [fine("clock.ok")];
};

/** The arrangement for the next year is announced about this month (0 is January), and is then to be had with an update. */
const ANNOUNCED = 10;

/** Whether working days are known for as long as deadlines may reach. */
export const examineCalendar = (calendar: Calendar, now: Date): readonly Finding[] => {
  const year = now.getUTCFullYear();
  const knows = (other: number): boolean => calendar.isWorkingDay(new Date(Date.UTC(other, 5, 15))) !== null;
  if (!knows(year)) return [wrong("calendar.unknown", { year: String(year) })];
  if (now.getUTCMonth() >= ANNOUNCED && !knows(year + 1))
    return [warning("calendar.unknown", { year: String(year + 1) })];
  return [fine("calendar.ok", { year: String(knows(year + 1) ? year + 1 : year) })];
};

export interface DiskFacts {
  readonly directory: string;
  readonly freeBytes: number;
  /** Share of the files that may still be made, 0 to 1. */
  readonly freeFiles: number;
  readonly writable: boolean;
}

const MIB = 1024 * 1024;
const LITTLE = 2048 * MIB;
const TOO_LITTLE = 256 * MIB;
const FEW_FILES = 0.05;

export const examineDisk = ({ directory, freeBytes, freeFiles, writable }: DiskFacts): readonly Finding[] => {
  const free = Math.floor(freeBytes / MIB);
  const found = [
    ...(writable ? [] : [wrong("disk.read-only", { directory })]),
    ...(freeBytes < LITTLE ? [(freeBytes < TOO_LITTLE ? wrong : warning)("disk.full", { directory, free })] : []),
    ...(freeFiles < FEW_FILES ? [warning("disk.files", { directory })] : []),
  ];
  return found.length > 0 ? found : [fine("disk.ok", { directory, free: Math.floor(free / 1024) })];
};

export interface SecretFile {
  /** The variable that names it. */
  readonly variable: string;
  readonly path: string;
  /** The permission bits. */
  readonly mode: number;
}

/** What the owner may do, and the group may read: 0640. */
const ENOUGH = 0o640;

/** Whether files with secrets are closed to others. */
export const examineSecrets = (files: readonly SecretFile[]): readonly Finding[] => {
  const open = files.filter(({ mode }) => (mode & 0o777 & ~ENOUGH) !== 0);
  if (open.length === 0) return files.length > 0 ? [fine("secrets.ok")] : [];
  return open.map(({ variable, path, mode }) =>
    warning("secrets.open", { variable, path, mode: (mode & 0o777).toString(8).padStart(4, "0") }),
  );
};

export const examineRuntime = (version: string, real: Date): readonly Finding[] => {
  const since = unsupportedSince("Node", version, real);
  return since ? [warning("runtime.unsupported", { version, since })] : [fine("runtime.ok", { version })];
};
