/** Two times, never mixed. */
export interface Clock {
  /** Service time: what people's deadlines, cards and the ledger are told in. The demo and the tests move it. */
  now(): Date;
  /** Real time, following the database's clock: leases, platforms' waits, expiry of links and cookies. */
  real(): Date;
}
