import type { Finding } from "../dialogue/finding.ts";
import type { NoticeDraft } from "../domain/notice.ts";
import type { Problem } from "../domain/problem.ts";
import type { Verdict } from "../domain/verdict.ts";
import type { Clock } from "../ports/clock.ts";
import type { Printer } from "../ports/printer.ts";
import type { Queue } from "../ports/queue.ts";
import type { WriteSheet } from "../ports/sheet.ts";
import type { CoverageStore } from "../ports/store/coverage-store.ts";
import type { HeldStore } from "../ports/store/held-store.ts";
import type { InboundStore } from "../ports/store/inbound-store.ts";
import type { BackUpResult } from "../services/back-up.ts";
import type { ExportParts } from "../services/export-parts.ts";
import type { LeaveParts } from "../services/grant-leave.ts";
import type { CalendarImport } from "../services/import-calendar.ts";
import type { ImportRequest, ImportResult } from "../services/import-roster.ts";
import type { InviteParts } from "../services/invite.ts";
import type { LinkParts } from "../services/issue-links.ts";
import type { PublishParts } from "../services/publish-notice.ts";
import type { RecallParts } from "../services/recall-notice.ts";
import type { RehearseParts } from "../services/rehearse-notice.ts";
import type { SupersedeParts } from "../services/supersede-notice.ts";

/** What the commands work with. */
export interface Toolbox {
  readonly clock: Clock;
  readonly coverage: CoverageStore;
  readonly exporting: ExportParts;
  readonly inviting: InviteParts;
  readonly leaving: LeaveParts;
  readonly linking: LinkParts;
  readonly publishing: PublishParts;
  readonly rehearsing: RehearseParts;
  readonly recalling: RecallParts;
  readonly superseding: SupersedeParts;
  readonly holding: {
    readonly held: HeldStore;
    readonly queue: Pick<Queue, "hint">;
    readonly platforms: readonly string[];
  };
  readonly parking: {
    readonly inbound: Pick<InboundStore, "parked" | "retry" | "drop">;
    readonly queue: Pick<Queue, "hint">;
  };
  /** Where people's browsers reach the service, without a slash at the end. */
  readonly address: string;
  /** Messages a second that each platform takes; null where nothing limits it. */
  readonly pace: Readonly<Record<string, number | null>>;
  /** `supersedes`: the number of the notice that it is to replace. */
  readNotice(
    path: string,
    supersedes?: string,
  ): Promise<{ readonly draft: NoticeDraft } | { readonly problems: readonly Problem[] }>;
  /** Days off, make-up days, hours and zones from a file. */
  importCalendar(path: string): Promise<CalendarImport>;
  importRoster(request: ImportRequest): Promise<ImportResult>;
  backUp(file: string, force: boolean, progress: (rows: number, of: number) => void): Promise<BackUpResult>;
  readonly writeSheet: WriteSheet;
  readonly printer: Printer;
  /** Brings the database to this build's schema; returns the names of what it applied. */
  migrate(): Promise<readonly string[]>;
  /** Proves the ledger unbroken; against a saved head where one is given. */
  verify(savedHead: string | null, progress: (entries: number) => void): Promise<Verdict>;
  /** Whether a proof of one entry holds; needs no database. */
  checkProof(text: string): boolean;
  /** Looks at everything that `doctor` looks at. */
  examine(progress: (done: number, total: number) => void): Promise<readonly Finding[]>;
  /** Null for a file that cannot be read. */
  readText(path: string): Promise<string | null>;
  writeText(path: string, text: string): Promise<void>;
}
