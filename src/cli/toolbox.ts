import type { NoticeDraft } from "../domain/notice.ts";
import type { Problem } from "../domain/problem.ts";
import type { Verdict } from "../domain/verdict.ts";
import type { Clock } from "../ports/clock.ts";
import type { Queue } from "../ports/queue.ts";
import type { CoverageStore } from "../ports/store/coverage-store.ts";
import type { HeldStore } from "../ports/store/held-store.ts";
import type { BackUpResult } from "../services/back-up.ts";
import type { ImportProgress, ImportResult } from "../services/import-roster.ts";
import type { LinkParts } from "../services/issue-links.ts";
import type { PublishParts } from "../services/publish-notice.ts";

/** What the commands work with. */
export interface Toolbox {
  readonly clock: Clock;
  readonly coverage: CoverageStore;
  readonly linking: LinkParts;
  readonly publishing: PublishParts;
  readonly holding: {
    readonly held: HeldStore;
    readonly queue: Pick<Queue, "hint">;
    readonly platforms: readonly string[];
  };
  /** Where people's browsers reach the service, without a slash at the end. */
  readonly address: string;
  /** Messages a second that each platform takes; null where nothing limits it. */
  readonly pace: Readonly<Record<string, number | null>>;
  readNotice(path: string): Promise<{ readonly draft: NoticeDraft } | { readonly problems: readonly Problem[] }>;
  importRoster(
    files: readonly string[],
    dryRun: boolean,
    progress: (progress: ImportProgress) => void,
  ): Promise<ImportResult>;
  backUp(file: string, force: boolean, progress: (rows: number, of: number) => void): Promise<BackUpResult>;
  /** Proves the ledger unbroken; against a saved head where one is given. */
  verify(savedHead: string | null, progress: (entries: number) => void): Promise<Verdict>;
  /** Whether a proof of one entry holds; needs no database. */
  checkProof(text: string): boolean;
  /** Null for a file that cannot be read. */
  readText(path: string): Promise<string | null>;
  writeText(path: string, text: string): Promise<void>;
}
