import type { Phrase } from "../dialogue/phrase.ts";
import { phrase } from "../dialogue/phrase.ts";
import type { BackUpResult } from "../services/back-up.ts";
import { fileTrouble } from "./file-trouble.ts";
import type { BackupInvocation } from "./invocation.ts";
import type { Terminal } from "./terminal.ts";
import type { Toolbox } from "./toolbox.ts";

type Written = Extract<BackUpResult, { kind: "written" }>;

const json = (file: string, { bytes, createdAt, rows, head }: Written): string =>
  JSON.stringify({ file, bytes, createdAt, rows, head });

const sizeOf = (bytes: number): string =>
  bytes < 100_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;

const show = (terminal: Terminal, asked: BackupInvocation, written: Written): void => {
  const { bytes, rows } = written;
  const all = Object.values(rows).reduce((sum, each) => sum + each, 0);
  terminal.out(
    asked.json
      ? json(asked.file, written)
      : terminal.say(
          phrase("backup.done", {
            file: asked.file,
            size: sizeOf(bytes),
            rows: all,
            people: rows.person ?? 0,
            notices: rows.notice ?? 0,
            entries: rows.ledger_entry ?? 0,
          }),
        ),
  );
  if (!asked.json) terminal.err(terminal.say(phrase("backup.keys")));
};

const refusal = (asked: BackupInvocation, result: Exclude<BackUpResult, Written>): Phrase =>
  result.kind === "exists"
    ? phrase("backup.exists", { file: asked.file })
    : phrase("backup.unwritable", { file: asked.file, why: fileTrouble(result.why) });

/** `chuanda backup`: everything in one file. */
export const showBackup = async (tools: Toolbox, asked: BackupInvocation, terminal: Terminal): Promise<number> => {
  const phase = phrase("backup.phase");
  const result = await tools.backUp(asked.file, asked.force, (done, total) =>
    terminal.progress({ phase, done, total }),
  );
  terminal.progress(null);
  if (result.kind === "written") show(terminal, asked, result);
  else terminal.err(terminal.say(refusal(asked, result)));
  return result.kind === "written" ? 0 : 1;
};
