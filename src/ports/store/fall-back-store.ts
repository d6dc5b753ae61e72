import type { PlatformName } from "../../domain/platform.ts";

export interface FallBack {
  /** The platforms that are switched on, in order of preference. */
  readonly platforms: readonly PlatformName[];
  /** What was sent before then and is not answered has had its time; for warnings another one. Service time. */
  readonly before: Date;
  readonly beforeUrgent: Date;
  readonly now: Date;
}

/** Where people with several accounts are reached when the preferred one is of no avail. */
export interface FallBackStore {
  /** Notices that nothing could reach go to the person's next account, as if they had never been tried. Returns how many. */
  move(how: FallBack): Promise<number>;
  /**
   * Who owes an answer and has had time to give it gets their list on the next of their platforms, each in its turn and no
   * two at once. Returns how many.
   */
  list(how: FallBack): Promise<number>;
}
