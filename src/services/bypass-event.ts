import type { LedgerEvent } from "../ports/ledger.ts";

/** So many people were disturbed at an hour at which nobody is otherwise, and why. */
export const bypassEvent = (bypass: {
  readonly notice: string;
  readonly reason: string;
  readonly people: number;
  readonly at: Date;
}): LedgerEvent => ({
  kind: "disturbed",
  at: bypass.at,
  actor: "service",
  subject: { notice: bypass.notice, reason: bypass.reason, people: String(bypass.people) },
  contentHash: null,
  how: "rule",
});
