import type { Phrase } from "../dialogue/phrase.ts";
import { onDay, phrase } from "../dialogue/phrase.ts";
import type { Verdict } from "../domain/verdict.ts";
import type { VerifyInvocation } from "./invocation.ts";
import type { Terminal } from "./terminal.ts";
import type { Toolbox } from "./toolbox.ts";

type Broken = Exclude<Verdict, { kind: "proven" }>;

/** What is wrong, in words, with the number of the first entry that is. */
export const broken = (verdict: Broken): Phrase => {
  switch (verdict.kind) {
    case "broken":
      return phrase("verify.broken", { seq: String(verdict.at), why: phrase(`verify.entry.${verdict.why}`) });
    case "broken-head":
      return phrase("verify.broken-head", { size: String(verdict.size), why: phrase(`verify.head.${verdict.why}`) });
    case "truncated":
      return phrase("verify.truncated", { entries: String(verdict.entries), saved: String(verdict.saved) });
    case "diverged":
      return phrase("verify.diverged", { saved: String(verdict.saved) });
    case "foreign-head":
      return phrase("verify.foreign-head");
    case "mismatch": {
      const { kind, ...values } = verdict.difference;
      const said = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
      return phrase("verify.mismatch", { notice: verdict.notice, difference: phrase(`verify.differs.${kind}`, said) });
    }
  }
};

/** A JSON document with numbers as text where they may be large. */
const json = (value: object): string =>
  JSON.stringify(value, (_, each) => (typeof each === "bigint" ? String(each) : each));

const show = (terminal: Terminal, asked: VerifyInvocation, verdict: Verdict): number => {
  if (asked.json) terminal.out(json({ ...verdict, proven: verdict.kind === "proven" }));
  else if (verdict.kind === "proven") {
    const { entries, heads, notices, unsealed } = verdict;
    terminal.out(terminal.say(phrase("verify.proven", { entries: String(entries), heads, notices })));
    if (unsealed > 0) terminal.out(terminal.say(phrase("verify.unsealed", { count: unsealed })));
    if (verdict.head) terminal.out(`\n${verdict.head.trimEnd()}`);
  } else {
    terminal.err(terminal.say(broken(verdict)));
    const restored = "restored" in verdict ? verdict.restored : undefined;
    if (restored)
      terminal.err(
        terminal.say(phrase("verify.restored", { at: onDay(new Date(restored.at)), entries: restored.entries })),
      );
  }
  return verdict.kind === "proven" ? 0 : 1;
};

/** A proof is one JSON document; anything else is taken for a saved head. */
const isProof = (text: string): boolean => text.trimStart().startsWith("{");

const checkProof = (tools: Toolbox, asked: VerifyInvocation, terminal: Terminal, proof: string): number => {
  const valid = tools.checkProof(proof);
  terminal.out(asked.json ? json({ valid }) : terminal.say(phrase(valid ? "verify.proof" : "verify.no-proof")));
  return valid ? 0 : 1;
};

const prove = async (
  tools: Toolbox,
  asked: VerifyInvocation,
  terminal: Terminal,
  head: string | null,
): Promise<number> => {
  const phase = phrase("verify.phase");
  const verdict = await tools.verify(head, (done) => terminal.progress({ phase, done, total: null }));
  terminal.progress(null);
  if (asked.saveHead !== null && verdict.kind === "proven" && verdict.head !== null)
    await tools.writeText(asked.saveHead, verdict.head);
  return show(terminal, asked, verdict);
};

/** `chuanda verify`: proves the ledger unbroken, against a saved head where one is given; or checks a proof by itself. */
export const showVerify = async (tools: Toolbox, asked: VerifyInvocation, terminal: Terminal): Promise<number> => {
  if (asked.file === null) return prove(tools, asked, terminal, null);
  const text = await tools.readText(asked.file);
  if (text === null) {
    terminal.err(terminal.say(phrase("cli.unreadable", { file: asked.file })));
    return 1;
  }
  return isProof(text) ? checkProof(tools, asked, terminal, text) : prove(tools, asked, terminal, text);
};
