export interface CoverageInvocation {
  readonly command: "coverage";
  readonly number: string;
  readonly under: string | null;
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
export type Invocation = CoverageInvocation | ImportInvocation | LinkInvocation | PublishInvocation | VerifyInvocation;
