import type { Finding } from "../dialogue/finding.ts";

/**
 * One thing that `doctor` looks at. A platform contributes its own: whether its token works, whether its webhook stands. It
 * changes nothing, and what it finds carries no secret and nobody's data.
 */
export interface Examination {
  readonly name: string;
  /** May reject, and may take its time: then that is the finding. */
  examine(): Promise<readonly Finding[]>;
}
