export interface BackupInvocation {
  readonly command: "backup";
  readonly file: string;
  readonly force: boolean;
  readonly json: boolean;
}

export interface CoverageInvocation {
  readonly command: "coverage";
  readonly number: string;
  readonly under: string | null;
  readonly json: boolean;
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
}

export interface LinkInvocation {
  readonly command: "link";
  readonly unit: string;
  readonly post: string | null;
  readonly revoke: boolean;
  readonly json: boolean;
}

export interface PublishInvocation {
  readonly command: "publish";
  readonly file: string;
  readonly dryRun: boolean;
  readonly at: string | null;
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
  | BackupInvocation
  | CoverageInvocation
  | HeldInvocation
  | ImportInvocation
  | LinkInvocation
  | PublishInvocation
  | VerifyInvocation;
