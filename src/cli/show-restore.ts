import type { Phrase } from "../dialogue/phrase.ts";
import { onDay, phrase } from "../dialogue/phrase.ts";
import type { BackupFault } from "../domain/backup.ts";
import type { FoundTable } from "../ports/backup.ts";
import type { Restored, RestoreRefusal } from "../services/restore.ts";
import { broken } from "./show-verify.ts";
import type { Terminal } from "./terminal.ts";

const faulty = (file: string, fault: BackupFault): Phrase => {
  switch (fault.kind) {
    case "unreadable":
      return phrase("cli.unreadable", { file });
    case "foreign":
      return phrase("restore.foreign", { file });
    case "newer-format":
      return phrase("restore.newer-format", { file, format: fault.format });
    case "incomplete":
      return phrase("restore.incomplete", { file });
    case "damaged":
      return fault.place === null
        ? phrase("restore.damaged", { file })
        : phrase("restore.damaged.table", { file, table: fault.place });
  }
};

/** What an administrator knows a place by; nobody reads twenty tables. */
const KNOWN_BY = ["unit", "person", "notice", "ledger_entry"];
const MOST_FOUND = 4;
const most = (found: readonly FoundTable[]): readonly FoundTable[] => {
  const known = KNOWN_BY.flatMap((name) => found.filter(({ table }) => table === name));
  return [...known, ...found.filter(({ table }) => !KNOWN_BY.includes(table))].slice(0, MOST_FOUND);
};

const refusal = (file: string, refused: RestoreRefusal): Phrase => {
  switch (refused.kind) {
    case "file":
      return faulty(file, refused.fault);
    case "newer":
    case "changed":
      return phrase(`restore.${refused.kind}`, { version: refused.version });
    case "wrong-secret":
    case "wrong-ledger":
      return phrase(`restore.${refused.kind}`);
    case "not-empty":
      return phrase("restore.not-empty", {
        found: most(refused.found)
          .map(({ table, rows }) => `${table} ${rows}`)
          .join(", "),
      });
    case "unproven":
      return phrase("restore.unproven", { why: broken(refused.verdict) });
  }
};

const json = ({ manifest, verdict, held }: Restored): string =>
  JSON.stringify({
    createdAt: manifest.createdAt,
    version: manifest.version,
    rows: Object.fromEntries(manifest.tables.map(({ name, rows }) => [name, rows])),
    entries: Number(verdict.entries),
    head: verdict.head,
    held,
  });

/** What became of `chuanda restore`. */
export const showRestored = (
  terminal: Terminal,
  { file, json: asJson }: { readonly file: string; readonly json: boolean },
  result: Restored | RestoreRefusal,
): number => {
  if (result.kind !== "restored") {
    terminal.err(terminal.say(refusal(file, result)));
    return 1;
  }
  if (asJson) {
    terminal.out(json(result));
    return 0;
  }
  const { manifest, verdict, held } = result;
  const rowsOf = (table: string): number => manifest.tables.find(({ name }) => name === table)?.rows ?? 0;
  terminal.out(
    terminal.say(
      phrase("restore.done", {
        at: onDay(new Date(manifest.createdAt)),
        people: rowsOf("person"),
        notices: verdict.notices,
        entries: Number(verdict.entries),
      }),
    ),
  );
  terminal.out(terminal.say(phrase("restore.links")));
  if (held > 0) terminal.out(terminal.say(phrase("restore.held", { count: held })));
  return 0;
};
