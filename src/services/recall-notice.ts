import type { PlatformName } from "../domain/platform.ts";
import { visibleText } from "../domain/visible-text.ts";
import type { Clock } from "../ports/clock.ts";
import type { ContentHash } from "../ports/ledger.ts";
import type { Queue } from "../ports/queue.ts";
import type { AmendStore, Unamendable, Withdrawn } from "../ports/store/amend-store.ts";
import { hintSending } from "./publish-notice.ts";

export interface RecallParts {
  readonly amends: Pick<AmendStore, "recall" | "previewRecall">;
  readonly hash: Pick<ContentHash, "recall">;
  readonly clock: Clock;
  readonly queue: Pick<Queue, "hint">;
  /** The platforms that are switched on, in order of preference. */
  readonly platforms: readonly PlatformName[];
}

/** A reason stands on a card beside what it explains. */
export const REASON = { least: 2, most: 100 } as const;

/** The reason as people read it: on one line, without what cannot be seen. Null when it is too short or too long. */
export const readReason = (text: string): string | null => {
  const words = visibleText(text).normalize("NFC");
  const { length } = [...words];
  return length >= REASON.least && length <= REASON.most ? words : null;
};

type Result = ({ readonly kind: "done"; readonly at: Date } & Withdrawn) | Unamendable;

const result = (at: Date, done: Withdrawn | Unamendable): Result =>
  "kind" in done ? done : { kind: "done", at, ...done };

/** Takes a notice back at once. Given twice, or broken off in between, it does everything once. */
export const recallNotice = async (
  parts: RecallParts,
  number: string,
  reason: string,
  { dryRun }: { readonly dryRun: boolean },
): Promise<Result> => {
  const { amends, hash, clock, platforms } = parts;
  const at = clock.now();
  const what = { number, reason, at, platforms };
  if (dryRun) return result(at, await amends.previewRecall(what));
  const done = await amends.recall(what, ({ cancelled, stopped, told }) => ({
    kind: "recalled",
    at,
    actor: "operator",
    subject: { notice: number, cancelled: String(cancelled), stopped: String(stopped), told: String(told) },
    contentHash: hash.recall({ number, reason }),
    how: "command",
  }));
  await hintSending(parts);
  return result(at, done);
};
