import type { Finding } from "../dialogue/finding.ts";
import { fine, warning, wrong } from "../dialogue/finding.ts";
import type { ProcessStore } from "../ports/store/process-store.ts";

/** A living process tells so this often (real time). */
export const BEAT_MS = 10_000;
const SILENT_MS = 3 * BEAT_MS;

/** Whether a process has told of itself lately. */
export const lives = ({ seenAt }: { readonly seenAt: Date }, real: Date): boolean =>
  real.getTime() - seenAt.getTime() < SILENT_MS;

/** Whether anybody serves people and anybody does the work, and who has gone without a word. */
export const examineProcesses = async (
  { processes }: { readonly processes: Pick<ProcessStore, "all"> },
  real: Date,
): Promise<readonly Finding[]> => {
  const all = await processes.all();
  const living = all.filter((each) => lives(each, real));
  const count = (role: string): number => living.filter(({ roles }) => roles.includes(role)).length;
  const [web, worker] = [count("web"), count("worker")];
  const versions = [...new Set(living.map(({ version }) => version))];
  const gone = all.length - living.length;
  return [
    ...(living.length === 0 ? [warning("processes.none")] : []),
    ...(living.length > 0 && web === 0 ? [wrong("processes.no-web")] : []),
    ...(living.length > 0 && worker === 0 ? [wrong("processes.no-worker")] : []),
    ...(web > 0 && worker > 0 ? [fine("processes.ok", { web, worker })] : []),
    ...(versions.length > 1 ? [warning("processes.mixed", { versions: versions.join(", ") })] : []),
    ...(gone > 0 ? [warning("processes.gone", { count: gone })] : []),
  ];
};
