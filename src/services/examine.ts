import type { Finding } from "../dialogue/finding.ts";
import { wrong } from "../dialogue/finding.ts";
import { faultLine } from "../domain/fault-line.ts";
import type { Examination } from "../ports/examination.ts";
import { rest } from "./bell.ts";

/** Nobody waits longer for an answer: that there is none is the finding. */
const PATIENCE_MS = 8_000;

const findingsOf = async ({ name, examine }: Examination): Promise<readonly Finding[]> => {
  const late = rest(PATIENCE_MS).then(() => [wrong("check.late", { check: name, seconds: PATIENCE_MS / 1_000 })]);
  const found = examine().catch((error: unknown) => [wrong("check.failed", { check: name, why: faultLine(error) })]);
  return Promise.race([found, late]);
};

/** Looks at everything at once; what cannot be looked at hides nothing else. In the order of the examinations. */
export const examineAll = async (
  examinations: readonly Examination[],
  progress: (done: number, total: number) => void,
): Promise<readonly Finding[]> => {
  let done = 0;
  const all = examinations.map(async (examination) => {
    const found = await findingsOf(examination);
    done += 1;
    progress(done, examinations.length);
    return found;
  });
  return (await Promise.all(all)).flat();
};
