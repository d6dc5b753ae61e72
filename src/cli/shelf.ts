import { type Command, InvalidArgumentError } from "commander";
import type { Phrase, PhraseKey } from "../dialogue/phrase.ts";
import { phrase } from "../dialogue/phrase.ts";
import { clockMillis, parseDue } from "../domain/due.ts";
import type { Locale } from "../domain/language.ts";
import { LOCALES } from "../domain/language.ts";
import { SHEET_FORMATS, type SheetFormat } from "../ports/sheet.ts";
import { EXPORTED, type Exported } from "../services/export-table.ts";
import { REASON, readReason } from "../services/recall-notice.ts";
import type { Invocation } from "./invocation.ts";

export type Role = "web" | "worker";

/** What the command line asks for: one of the commands that a running service can also carry out, or a process of its own. */
export type Request =
  | { readonly kind: "invocation"; readonly invocation: Invocation }
  | { readonly kind: "serve"; readonly roles: readonly Role[] }
  | { readonly kind: "migrate" }
  | { readonly kind: "demo"; readonly fresh: boolean; readonly port: number | null; readonly locale: Locale | null }
  | {
      readonly kind: "talk";
      readonly as: SeatName | null;
      readonly record: string | null;
      readonly locale: Locale | null;
    }
  /** Takes the installation for itself, so no running service can do it. The path is absolute. */
  | { readonly kind: "restore"; readonly file: string; readonly json: boolean }
  /** Help or a mistake, printed already. */
  | { readonly kind: "exit"; readonly code: number };

/** Whom one can be in a talk. */
export const SEAT_NAMES = ["official", "principal", "worker", "newcomer"] as const;

type SeatName = (typeof SEAT_NAMES)[number];

const MOST_USES = 10_000;
const LONGEST_MS = 90 * 86_400_000;

const invitationReaders = (say: (words: Phrase) => string) => ({
  uses: (text: string): number => {
    if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= MOST_USES) return Number(text);
    throw new InvalidArgumentError(say(phrase("cli.bad-uses", { most: MOST_USES })));
  },
  /** Milliseconds. */
  lasting: (text: string): number => {
    const lasts = clockMillis(text);
    if (lasts !== null && lasts <= LONGEST_MS) return lasts;
    throw new InvalidArgumentError(say(phrase("cli.bad-lasting")));
  },
  id: (text: string): string => {
    if (/^[1-9]\d{0,17}$/.test(text)) return text;
    throw new InvalidArgumentError(say(phrase("cli.bad-id")));
  },
});

/** Values that are wrong in themselves are wrong usage, told before anything starts. */
export const readers = (say: (words: Phrase) => string) => ({
  moment: (text: string): string => {
    if (parseDue(text)?.kind === "moment") return text;
    throw new InvalidArgumentError(say(phrase("cli.bad-moment")));
  },
  port: (text: string): number => {
    if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
    throw new InvalidArgumentError(say(phrase("cli.bad-port")));
  },
  reason: (text: string): string => {
    const words = readReason(text);
    if (words !== null) return words;
    throw new InvalidArgumentError(say(phrase("cli.bad-reason", REASON)));
  },
  ...invitationReaders(say),
  locale: (text: string): Locale => {
    const locale = LOCALES.find((known) => known === text);
    if (locale) return locale;
    throw new InvalidArgumentError(say(phrase("cli.bad-locale")));
  },
  exported: (text: string): Exported => {
    const what = EXPORTED.find((known) => known === text);
    if (what) return what;
    throw new InvalidArgumentError(say(phrase("cli.bad-exported", { known: EXPORTED.join(", ") })));
  },
  format: (text: string): SheetFormat => {
    const format = SHEET_FORMATS.find((known) => known === text);
    if (format) return format;
    throw new InvalidArgumentError(say(phrase("cli.bad-format")));
  },
  seat: (text: string): SeatName => {
    const seat = SEAT_NAMES.find((known) => known === text);
    if (seat) return seat;
    throw new InvalidArgumentError(say(phrase("cli.bad-seat", { known: SEAT_NAMES.join(", ") })));
  },
  roles: (text: string): readonly Role[] => {
    const roles = text.split(",");
    if (roles.every((role): role is Role => role === "web" || role === "worker")) return roles;
    throw new InvalidArgumentError(say(phrase("cli.bad-roles")));
  },
});

/** What a command adds itself to the command line with. */
export interface Shelf {
  readonly read: ReturnType<typeof readers>;
  words(key: PhraseKey): string;
  /** A command with what it is about and examples of its use, each without the program's name. */
  command(usage: string, about: PhraseKey, ...examples: readonly string[]): Command;
  ask(request: Request): void;
  /** Refuses what does not go together: wrong usage. */
  wrong(key: PhraseKey): never;
  /** Asks for a command that a running service can also carry out. */
  invoke(invocation: Invocation): void;
}
