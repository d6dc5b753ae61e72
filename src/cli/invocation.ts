import type { Locale } from "../domain/language.ts";
import type { SheetFormat } from "../ports/sheet.ts";
import type { Exported } from "../services/export-table.ts";

/** Somebody is away, and who stands in. Times with their offsets. */
export interface AwayInvocation {
  readonly command: "away";
  readonly unit: string;
  readonly post: string;
  readonly from: string;
  readonly until: string;
  /** "CODE:POST"; null for the deputy. */
  readonly by: string | null;
  readonly json: boolean;
}

export interface BackupInvocation {
  readonly command: "backup";
  readonly file: string;
  readonly force: boolean;
  readonly json: boolean;
}

/** Takes over days off, make-up days, working hours and zones. */
export interface CalendarInvocation {
  readonly command: "calendar";
  readonly file: string;
  readonly json: boolean;
}

export interface CoverageInvocation {
  readonly command: "coverage";
  readonly number: string;
  readonly under: string | null;
  readonly json: boolean;
}

export interface DoctorInvocation {
  readonly command: "doctor";
  readonly json: boolean;
}

export interface ExportInvocation {
  readonly command: "export";
  readonly what: Exported;
  readonly number: string | null;
  readonly under: string | null;
  readonly format: SheetFormat;
  readonly out: string | null;
  readonly force: boolean;
  /** The reader's language, where it is not the terminal's. */
  readonly locale: Locale | null;
}

/** What is held since a restore: to be shown, sent, or given up; of one notice or all. */
export interface HeldInvocation {
  readonly command: "held";
  readonly number: string | null;
  readonly deed: "show" | "release" | "drop";
  readonly json: boolean;
}

export interface ImportInvocation {
  readonly command: "import";
  readonly files: readonly string[];
  readonly dryRun: boolean;
  /** Codes of units of which, with all below them, the files name everybody. */
  readonly complete: readonly string[];
  readonly json: boolean;
}

export interface InviteInvocation {
  readonly command: "invite";
  readonly deed: "make" | "list" | "waiting" | "revoke" | "approve" | "refuse";
  /** Codes of units. */
  readonly units: readonly string[];
  readonly post: string | null;
  readonly uses: number;
  readonly lastsMs: number;
  /** Of an invitation, or of somebody who waits. */
  readonly number: string | null;
  readonly out: string | null;
  readonly force: boolean;
  /** What stands on the sheet for those who would rather be called. */
  readonly phone: string | null;
  readonly json: boolean;
}

export interface LinkInvocation {
  readonly command: "link";
  readonly unit: string;
  readonly post: string | null;
  readonly revoke: boolean;
  readonly json: boolean;
}

export interface MigrateInvocation {
  readonly command: "migrate";
}

/** What people sent and we could not work off: to be shown, tried again, or given up. */
export interface ParkedInvocation {
  readonly command: "parked";
  readonly deed: "show" | "retry" | "drop";
  readonly json: boolean;
}

export interface PublishInvocation {
  readonly command: "publish";
  readonly file: string;
  readonly dryRun: boolean;
  /** With a dry run: everything that would happen if nobody answered. */
  readonly timeline?: boolean;
  readonly at: string | null;
  readonly json: boolean;
}

export interface RecallInvocation {
  readonly command: "recall";
  readonly number: string;
  /** As people will read it. */
  readonly reason: string;
  readonly dryRun: boolean;
  readonly json: boolean;
}

export interface SupersedeInvocation {
  readonly command: "supersede";
  readonly number: string;
  readonly file: string;
  readonly askAgain: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

export interface VerifyInvocation {
  readonly command: "verify";
  readonly file: string | null;
  readonly saveHead: string | null;
  readonly json: boolean;
}

/** A command and what it was given, as data: so that a running service can carry it out for another process. Paths are absolute. */
export type Invocation =
  | AwayInvocation
  | BackupInvocation
  | CalendarInvocation
  | CoverageInvocation
  | DoctorInvocation
  | ExportInvocation
  | HeldInvocation
  | ImportInvocation
  | InviteInvocation
  | LinkInvocation
  | MigrateInvocation
  | ParkedInvocation
  | PublishInvocation
  | RecallInvocation
  | SupersedeInvocation
  | VerifyInvocation;
