import type { Phrase } from "../dialogue/phrase.ts";
import { phrase } from "../dialogue/phrase.ts";
import type { NoticeState } from "../domain/notice.ts";
import { shortNumber } from "../domain/notice.ts";
import type { LatestVersion } from "../ports/store/answer-store.ts";

interface Over {
  readonly number: string;
  readonly state: NoticeState;
  readonly latest: LatestVersion | null;
}

/** What to say to somebody who answers a notice that is over: why nothing was recorded, and where to go on. */
export const overReply = ({ number, state, latest }: Over): Phrase => {
  if (state === "recalled") return phrase("reply.recalled", { number: shortNumber(number) });
  if (state !== "superseded" || !latest) return phrase("reply.ended");
  if (latest.state === "recalled") return phrase("reply.recalled", { number: shortNumber(latest.number) });
  return phrase(latest.owed ? "reply.superseded.owed" : "reply.superseded", { number: latest.number });
};
