import type { Action } from "../dialogue/action.ts";
import { phrase } from "../dialogue/phrase.ts";
import type { EnrolmentId, InboundId } from "../domain/ids.ts";
import { localeOf } from "../domain/language.ts";
import type { Incoming } from "../ports/chat-platform.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { AnswerStore, Pressed } from "../ports/store/answer-store.ts";
import type { DeliveryStore } from "../ports/store/delivery-store.ts";
import type { Word } from "../ports/store/draft-store.ts";
import type { InboundStore, StoredIncoming } from "../ports/store/inbound-store.ts";
import { pressedChase } from "./answer-chase.ts";
import { proxyEffect } from "./answer-proxy.ts";
import { tapEffect } from "./answer-tap.ts";
import { askLanguage, cancelForm, fillForm, pressForm, tellForm } from "./converse.ts";
import { bringCode, codeIn, type EnrolParts, hearGuest, meet } from "./enrol.ts";
import { enrolmentEntries } from "./enrolment-entries.ts";
import { isKnown } from "./known-event.ts";
import { wholeAlbum } from "./whole-album.ts";
import { wordless } from "./wordless.ts";

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
/** How long an event rests that a failing database could not take (real time). */
const AWAY_MS = 1_000;
/** Events of a newer release that are remembered, not to be claimed again. */
const MOST_UNKNOWN = 1_000;

const decide = async (
  { enrolments, clock, platforms }: AnswerParts,
  press: Pressed,
  enrolment: EnrolmentId,
  word: Word,
): Promise<void> =>
  enrolments.decide(press, enrolment, word, { real: clock.real(), platforms, entries: enrolmentEntries });

/** What somebody presses in a card of a notice. */
const pressedCard = async (
  answers: AnswerStore,
  press: Pressed,
  action: Extract<Action, { readonly do: "read" | "acknowledge" | "take-back" }>,
): Promise<void> => {
  if (action.do === "read") {
    if (!(await answers.turnPage(press, action.delivery, action.page)))
      await answers.tell(press, "reply", phrase("reply.foreign"));
    return;
  }
  const done = await answers.tap({ ...press, delivery: action.delivery, round: action.round }, (facts) =>
    tapEffect(facts, action.do, press),
  );
  if (!done) await answers.tell(press, "reply", phrase("reply.stale"));
};

const pressed = async (
  parts: AnswerParts,
  press: Pressed,
  what: Extract<Incoming["what"], { kind: "press" }>,
): Promise<void> => {
  const { answers } = parts;
  const { action } = what;
  if (action.do === "open" || action.do === "acknowledge-all" || action.do === "task-done")
    return pressedChase(answers, press, action);
  if ("delivery" in action) return pressedCard(answers, press, action);
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

/** A sentence that was asked for, on a platform whose buttons carry none, is as if it had come with the button. */
const written = async (parts: AnswerParts, press: Pressed, text: string): Promise<void> => {
  if (await tellForm(parts, press, text)) return;
  const action = await parts.answers.awaited(press);
  if (text.trim() === "") return parts.answers.tell(press, "reply", wordless(action));
  if (action) return pressed(parts, { ...press, words: text }, { kind: "press", action, text, ref: null });
  return parts.answers.tell(press, "reply", phrase("reply.stray"));
};

const filled = async (
  parts: AnswerParts,
  press: Pressed,
  what: Extract<Incoming["what"], { kind: "form" }>,
): Promise<void> => {
  if (!(await fillForm(parts, press, what))) await parts.answers.tell(press, "reply", phrase("form.over"));
};

/** What somebody does whom we know. */
const hear = async (parts: AnswerParts, press: Pressed, { what }: Incoming): Promise<void> => {
  if (what.kind === "press") return pressed(parts, press, what);
  if (what.kind === "language") return spoken(parts, press, what.locale);
  if (what.kind === "command") return commanded(parts, press, what.name, what.argument);
  if (what.kind === "text" || what.kind === "media") return written(parts, press, what.text);
  if (what.kind === "form") return filled(parts, press, what);
  return parts.answers.tell(press, "reply", phrase("reply.stale"));
};

/** What a person did counts from when it came in, however long it then waited for us. */
const handle = async (parts: AnswerParts, event: StoredIncoming): Promise<void> => {
  const { id, receivedAt: now } = event;
  const whole = await wholeAlbum(parts, event);
  if (!whole) return;
  const { incoming, rest } = whole;
  const { what } = incoming;
  if (what.kind === "receipt") {
    await parts.deliveries.receive(incoming.from, what.ref, what.state, { now, real: parts.clock.real() });
    return parts.inbound.done(id);
  }
  const known = await parts.answers.sender(incoming.from);
  // A group that the bot is put into, or somebody who blocks it, has not spoken to us: nobody is met.
  const sender = known || what.kind === "reach" ? known : await meet(parts, incoming);
  if (!sender) return parts.inbound.done(id);
  if (what.kind === "reach")
    return parts.answers.reach({ inbound: id, sender, now, words: null, ref: null }, what.reachable);
  const { text: words, ref } = what.kind === "press" ? what : { text: null, ref: null };
  const press = { inbound: id, rest, sender, now, words, ref };
  const code = codeIn(what);
  if (code !== null) return bringCode(parts, press, code);
  return sender.guest ? hearGuest(parts, press, incoming) : hear(parts, press, incoming);
};

/** Works off stored events, those of one sender in their order; returns how many. */
export const answering = (parts: AnswerParts) => {
  const { inbound, clock, log } = parts;
  let unknown: readonly InboundId[] = [];
  let suspectInHand = false;

  const leave = async ({ id, incoming }: StoredIncoming): Promise<void> => {
    log.warn("event-unknown", { inbound: String(id), kind: incoming.what.kind });
    unknown = [...unknown, id].slice(-MOST_UNKNOWN);
    await inbound.giveBack(id, clock.real());
  };
  const failed = async ({ id, attempts }: StoredIncoming, err: unknown): Promise<void> => {
    log.error("answer-failed", { inbound: String(id), attempts, err });
    // A database that fails is nobody's fault; a person's answer is never given up for it.
    if (inbound.isAway(err)) await inbound.giveBack(id, new Date(clock.real().getTime() + AWAY_MS));
    else if (attempts >= MOST_ATTEMPTS) await inbound.fail(id);
  };
  const work = async (event: StoredIncoming): Promise<void> => {
    try {
      await (isKnown(event.incoming) ? handle(parts, event) : leave(event));
    } catch (err) {
      await failed(event, err);
    }
  };

  return async (): Promise<number> => {
    const real = clock.real();
    const but = { not: unknown, noSuspect: suspectInHand };
    const times = { now: clock.now(), real };
    const events = await inbound.claim(BATCH, new Date(real.getTime() + LEASE_MS), times, but);
    const suspect = events.some((event) => event.suspect);
    if (suspect) suspectInHand = true;
    await Promise.all(events.map(work)).finally(() => {
      if (suspect) suspectInHand = false;
    });
    return events.filter(({ id }) => !unknown.includes(id)).length;
  };
};
