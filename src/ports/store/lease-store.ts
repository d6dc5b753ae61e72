/** Work that only one process at a time may do. Real time. */
export interface LeaseStore {
  /** Takes or keeps the lease until `until`; false while somebody else has it. */
  hold(name: string, holder: string, until: Date, real: Date): Promise<boolean>;
  /** Gives it back; nothing for who has lost it. */
  release(name: string, holder: string): Promise<void>;
}
