import type { Phrase } from "../dialogue/phrase.ts";
import { onDay, phrase } from "../dialogue/phrase.ts";
import type { Coverage, CoverageBranch } from "../domain/coverage.ts";
import { normaliseNumber } from "../domain/notice.ts";
import { bar, padded, padStart } from "./bar.ts";
import type { CoverageInvocation } from "./invocation.ts";
import type { Terminal } from "./terminal.ts";
import type { Toolbox } from "./toolbox.ts";

const NAME_COLUMNS = 28;

/** That it is over, or which version it is, before any figure. */
const standing = ({ status, version, supersedes, supersededBy, endedAt, reason }: Coverage): readonly Phrase[] => {
  const found: Phrase[] = [];
  if (supersedes !== null) found.push(phrase("coverage.version", { version, supersedes }));
  if (status === "recalled" && endedAt)
    found.push(phrase("coverage.recalled", { at: onDay(endedAt), reason: reason ?? "" }));
  if (supersededBy !== null && endedAt)
    found.push(phrase("coverage.superseded", { at: onDay(endedAt), by: supersededBy }));
  return found;
};

const summary = (coverage: Coverage, terminal: Terminal): void => {
  const { units, number, title, dueAt, endedAt } = coverage;
  const [fulfilled, total] = [units.fulfilled, units.total + units.cancelled];
  terminal.out(`${number}  ${title}`);
  for (const words of standing(coverage)) terminal.out(terminal.say(words));
  terminal.out(
    terminal.say(
      dueAt && !endedAt
        ? phrase("coverage.line.due", { fulfilled, total, at: onDay(dueAt) })
        : phrase("coverage.line", { fulfilled, total }),
    ),
  );
  if (coverage.dueProvisional) terminal.out(terminal.say(phrase("due.provisional")));
  const { recipients, queued, sent, inDoubt, failed, unreachable } = coverage;
  terminal.out(terminal.say(phrase("coverage.people", { recipients, sent, queued, inDoubt, failed, unreachable })));
  if (coverage.stopped > 0) terminal.out(terminal.say(phrase("coverage.stopped", { count: coverage.stopped })));
  if (units.cancelled > 0) terminal.out(terminal.say(phrase("coverage.cancelled", { count: units.cancelled })));
  if (coverage.held > 0) terminal.out(terminal.say(phrase("coverage.held", { count: coverage.held })));
  if (units.excluded > 0) terminal.out(terminal.say(phrase("coverage.excluded", { count: units.excluded })));
};

const stateOf = ({ total, overdue, open, excluded, cancelled }: CoverageBranch): Phrase | null => {
  if (overdue > 0) return phrase("coverage.row.overdue", { count: overdue });
  if (open > 0) return phrase("coverage.row.open", { count: open });
  if (cancelled > 0) return phrase("coverage.row.cancelled", { count: cancelled });
  if (total > 0) return phrase("coverage.row.done");
  return excluded > 0 ? phrase("coverage.row.excluded") : null;
};

const row = (branch: CoverageBranch, terminal: Terminal): string => {
  const { fulfilled, byProxy, overdue, open, cancelled } = branch;
  const name = padded(`${"  ".repeat(branch.depth)}${branch.name}`, NAME_COLUMNS);
  const columns = Math.max(10, Math.min(40, terminal.width - NAME_COLUMNS - 24));
  const drawn = bar({ done: fulfilled - byProxy, proxy: byProxy, overdue, open, cancelled }, columns);
  const state = stateOf(branch);
  const further = branch.hasBelow && branch.depth > 0 ? branch.code : "";
  const figures = padStart(`${fulfilled}/${branch.total + cancelled}`, 9);
  return `${name} ${drawn} ${figures}  ${state ? terminal.say(state) : ""}  ${further}`.trimEnd();
};

/** `chuanda coverage`: where a notice stands, as a tree with bars or as one JSON document. */
export const showCoverage = async (
  { coverage: store, clock }: Toolbox,
  asked: CoverageInvocation,
  terminal: Terminal,
): Promise<number> => {
  const now = clock.now();
  const number = normaliseNumber(asked.number) ?? asked.number;
  const coverage = await store.coverage(number, now);
  if (!coverage) {
    terminal.err(terminal.say(phrase("coverage.unknown", { number })));
    return 1;
  }
  const tree = await store.tree(number, asked.under, now);
  if (!tree) {
    terminal.err(terminal.say(phrase("cli.unknown-unit", { code: asked.under ?? "" })));
    return 1;
  }
  if (asked.json) {
    terminal.out(JSON.stringify({ ...coverage, ...(asked.under ? { under: tree } : {}) }));
    return 0;
  }
  summary(coverage, terminal);
  terminal.out("");
  for (const branch of tree) terminal.out(row(branch, terminal));
  terminal.out("");
  terminal.out(terminal.say(phrase("coverage.legend")));
  return 0;
};
