import type { Finding } from "../dialogue/finding.ts";
import { phrase } from "../dialogue/phrase.ts";
import type { DoctorInvocation } from "./invocation.ts";
import type { Terminal } from "./terminal.ts";
import type { Toolbox } from "./toolbox.ts";

const MARK: Readonly<Record<Finding["level"], string>> = { ok: "✓", warning: "!", problem: "✗" };

const show = (terminal: Terminal, findings: readonly Finding[]): void => {
  for (const { level, what, mend } of findings) {
    terminal.out(`${MARK[level]} ${terminal.say(what)}`);
    if (mend) terminal.out(`  → ${terminal.say(mend)}`);
  }
  const count = (level: Finding["level"]): number => findings.filter((found) => found.level === level).length;
  terminal.out("");
  terminal.out(terminal.say(phrase("doctor.sum", { problems: count("problem"), warnings: count("warning") })));
};

const json = (terminal: Terminal, findings: readonly Finding[], healthy: boolean): string =>
  JSON.stringify({
    healthy,
    findings: findings.map(({ level, code, what, mend }) => ({
      level,
      code,
      what: terminal.say(what),
      mend: mend && terminal.say(mend),
    })),
  });

/** `chuanda doctor`: what was looked at, what is wrong with it, and what to mend. 1 where something is a problem. */
export const showDoctor = async (
  { examine }: Pick<Toolbox, "examine">,
  asked: DoctorInvocation,
  terminal: Terminal,
): Promise<number> => {
  const phase = phrase("doctor.phase");
  const findings = await examine((done, total) => terminal.progress({ phase, done, total }));
  terminal.progress(null);
  const healthy = findings.every(({ level }) => level !== "problem");
  if (asked.json) terminal.out(json(terminal, findings, healthy));
  else show(terminal, findings);
  return healthy ? 0 : 1;
};
