/** A process of the service, as it last told of itself (real time). */
export interface ServiceProcess {
  readonly id: string;
  readonly roles: readonly string[];
  readonly version: string;
  readonly startedAt: Date;
}

/** Who runs. */
export interface ProcessStore {
  /** Tells that this process lives. Those that have not been seen for a day are forgotten. */
  beat(process: ServiceProcess, real: Date): Promise<void>;
  /** Ends as it should. */
  leave(id: string): Promise<void>;
  /** Those that live, and those that ended without saying so within the last day. */
  all(): Promise<readonly (ServiceProcess & { readonly seenAt: Date })[]>;
}
