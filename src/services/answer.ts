import { phrase } from "../dialogue/phrase.ts";
import type { EnrolmentId } from "../domain/ids.ts";
import { localeOf } from "../domain/language.ts";
import type { Incoming } from "../ports/chat-platform.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { AnswerStore, Pressed } from "../ports/store/answer-store.ts";
import type { DeliveryStore } from "../ports/store/delivery-store.ts";
import type { Word } from "../ports/store/draft-store.ts";
import type { InboundStore, StoredIncoming } from "../ports/store/inbound-store.ts";
import { proxyEffect } from "./answer-proxy.ts";
import { tapEffect } from "./answer-tap.ts";
import { askLanguage, cancelForm, pressForm, tellForm } from "./converse.ts";
import { bringCode, codeIn, type EnrolParts, hearGuest, meet } from "./enrol.ts";
import { enrolmentEntries } from "./enrolment-entries.ts";

export interface AnswerParts extends EnrolParts {
  readonly inbound: InboundStore;
  readonly answers: AnswerStore;
  readonly deliveries: Pick<DeliveryStore, "receive">;
  readonly clock: Clock;
  readonly log: Log;
}

/** How many events one round takes on, and how long it may hold them (real time). */
const BATCH = 50;
const LEASE_MS = 10_000;
/** An event that fails this often is a bug of ours; it must not hold up what its sender does next. */
const MOST_ATTEMPTS = 5;

const decide = async (
  { enrolments, clock, platforms }: AnswerParts,
  press: Pressed,
  enrolment: EnrolmentId,
  word: Word,
): Promise<void> =>
  enrolments.decide(press, enrolment, word, { real: clock.real(), platforms, entries: enrolmentEntries });

const pressed = async (
  parts: AnswerParts,
  press: Pressed,
  what: Extract<Incoming["what"], { kind: "press" }>,
): Promise<void> => {
  const { answers } = parts;
  const { action } = what;
  if ("delivery" in action) {
    const done = await answers.tap({ ...press, delivery: action.delivery, round: action.round }, (facts) =>
      tapEffect(facts, action.do, press),
    );
    if (!done) await answers.tell(press, "reply", phrase("reply.stale"));
    return;
  }
  if (action.do === "answer") {
    const heard = await pressForm(parts, press, action.draft, action.mark);
    if (!heard) await answers.tell(press, "reply", phrase("form.over"));
    return;
  }
  if ("enrolment" in action) return decide(parts, press, action.enrolment, action.do);
  if (action.do === "proxy") {
    const done = await answers.answerFor({ ...press, obligation: action.obligation }, (facts) =>
      proxyEffect(facts, action.generation, press),
    );
    if (!done) await answers.tell(press, "reply", phrase("reply.stale"));
    return;
  }
  await listed(answers, press, action.do, action.do === "proxy-list" ? action.from : 0);
};

const listed = async (answers: AnswerStore, press: Pressed, name: string, from: number): Promise<void> => {
  if (name === "todo") return answers.tell(press, "todo", null);
  if (name === "proxy-list" || name === "proxy") return answers.tell(press, "proxy", null, from);
  return answers.tell(press, "reply", phrase(name === "help" || name === "start" ? "reply.help" : "reply.stray"));
};

const spoken = async (parts: AnswerParts, press: Pressed, wanted: string): Promise<void> => {
  const { answers } = parts;
  if (wanted.trim() === "") return askLanguage(parts, press);
  const locale = localeOf(wanted);
  if (!locale) return answers.tell(press, "reply", phrase("reply.unknown-language"));
  return answers.setLanguage(press, locale, phrase("reply.language"));
};

const commanded = async (parts: AnswerParts, press: Pressed, name: string, argument: string): Promise<void> => {
  if (name === "language") return spoken(parts, press, argument);
  if (name === "cancel" && (await cancelForm(parts, press))) return;
  return listed(parts.answers, press, name, 0);
};

const written = async (parts: AnswerParts, press: Pressed, text: string): Promise<void> => {
  if (!(await tellForm(parts, press, text))) await parts.answers.tell(press, "reply", phrase("reply.stray"));
};

/** What somebody does whom we know. */
const hear = async (parts: AnswerParts, press: Pressed, { what }: Incoming): Promise<void> => {
  if (what.kind === "press") return pressed(parts, press, what);
  if (what.kind === "language") return spoken(parts, press, what.locale);
  if (what.kind === "command") return commanded(parts, press, what.name, what.argument);
  if (what.kind === "text") return written(parts, press, what.text);
  return parts.answers.tell(press, "reply", phrase("reply.stale"));
};

/** What a person did counts from when it came in, however long it then waited for us. */
const handle = async (parts: AnswerParts, { id, incoming, receivedAt: now }: StoredIncoming): Promise<void> => {
  const { what } = incoming;
  if (what.kind === "receipt") {
    await parts.deliveries.receive(incoming.from, what.ref, what.state, { now, real: parts.clock.real() });
    return parts.inbound.done(id);
  }
  const sender = await meet(parts, incoming, await parts.answers.sender(incoming.from));
  if (!sender) return parts.inbound.done(id);
  const { text: words, ref } = what.kind === "press" ? what : { text: null, ref: null };
  const press = { inbound: id, sender, now, words, ref };
  const code = codeIn(what);
  if (code !== null) return bringCode(parts, press, code);
  return sender.guest ? hearGuest(parts, press, incoming) : hear(parts, press, incoming);
};

/** Works off stored events, those of one sender in their order; returns how many. */
export const answering = (parts: AnswerParts) => async (): Promise<number> => {
  const real = parts.clock.real();
  const events = await parts.inbound.claim(BATCH, new Date(real.getTime() + LEASE_MS), {
    now: parts.clock.now(),
    real,
  });
  await Promise.all(
    events.map(async (event) => {
      try {
        await handle(parts, event);
      } catch (err) {
        parts.log.error("answer-failed", { inbound: String(event.id), attempts: event.attempts, err });
        if (event.attempts >= MOST_ATTEMPTS) await parts.inbound.fail(event.id);
      }
    }),
  );
  return events.length;
};
