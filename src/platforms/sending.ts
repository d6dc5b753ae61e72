import type { Card } from "../dialogue/screen.ts";
import type { Address } from "../domain/address.ts";
import type { SendOutcome } from "../domain/delivery.ts";
import type { ChatPlatform } from "../ports/chat-platform.ts";
import type { Clock } from "../ports/clock.ts";
import type { HttpAnswer, NoAnswer } from "../ports/http.ts";
import { breaker } from "./breaker.ts";
import { recently } from "./recently.ts";

/** What was asked, as far as it decides what an error means. */
export interface Attempt {
  /** The message that is drawn again; null for one that is sent. */
  readonly ref: string | null;
  /** We wrote to this very chat within the last second. No platform says what its 429 is about. */
  readonly recent: boolean;
}

interface Request<Body> {
  readonly to: Address;
  readonly ref: string | null;
  readonly body: Body;
  readonly deadline: Date;
}

/** How one platform that is reached over HTTP does it; an outcome instead of a body or an answer: nothing is to be asked. */
interface Ways<Body> {
  readonly clock: Pick<Clock, "real">;
  readonly draw: (to: Address, card: Card) => { readonly body: Body } | SendOutcome;
  readonly request: (request: Request<Body>) => Promise<HttpAnswer | NoAnswer | SendOutcome>;
  readonly judge: (answer: HttpAnswer | NoAnswer, attempt: Attempt) => SendOutcome;
}

const isAnswer = (found: HttpAnswer | NoAnswer | SendOutcome): found is HttpAnswer | NoAnswer =>
  found.kind === "answered" || found.kind === "not-sent" || found.kind === "unknown";

/** Sends and draws again, leaving a platform alone that is down. */
export const sending = <Body>({ clock, draw, request, judge }: Ways<Body>): Pick<ChatPlatform, "send" | "redraw"> => {
  const written = recently();
  const guard = breaker();
  const attempt = async (to: Address, ref: string | null, card: Card, deadline: Date): Promise<SendOutcome> => {
    const drawn = draw(to, card);
    if ("kind" in drawn) return drawn;
    const rest = guard.restMs(clock.real());
    if (rest > 0) return { kind: "later", ms: rest, scope: "bot" };
    const recent = ref === null && written(to.chat, clock.real());
    const answer = await request({ to, ref, body: drawn.body, deadline });
    if (!isAnswer(answer)) return answer;
    const result = judge(answer, { ref, recent });
    guard.saw(result, clock.real());
    return result;
  };
  return {
    send: (to, card, { deadline }) => attempt(to, null, card, deadline),
    redraw: (to, ref, card, { deadline }) => attempt(to, ref, card, deadline),
  };
};
