import type { Action } from "../dialogue/action.ts";
import { phrase } from "../dialogue/phrase.ts";
import type { InboundId } from "../domain/ids.ts";
import { localeOf } from "../domain/language.ts";
import type { Incoming } from "../ports/chat-platform.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { AnswerStore, Pressed } from "../ports/store/answer-store.ts";
import type { DeliveryStore } from "../ports/store/delivery-store.ts";
import type { InboundStore, StoredIncoming } from "../ports/store/inbound-store.ts";
import { proxyEffect } from "./answer-proxy.ts";
import { tapEffect } from "./answer-tap.ts";

export interface AnswerParts {
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

const KINDS = {
  press: true,
  "stale-press": true,
  command: true,
  text: true,
  language: true,
  receipt: true,
} as const satisfies Record<Incoming["what"]["kind"], true>;
const DEEDS = {
  acknowledge: true,
  "take-back": true,
  proxy: true,
  todo: true,
  help: true,
  "proxy-list": true,
} as const satisfies Record<Action["do"], true>;

const pressed = async (
  { answers }: AnswerParts,
  press: Pressed,
  what: Extract<Incoming["what"], { kind: "press" }>,
): Promise<void> => {
  const { action } = what;
  if (action.do === "read") {
    if (!(await answers.turnPage(press, action.delivery, action.page)))
      await answers.tell(press, "reply", phrase("reply.foreign"));
    return;
  }
  if ("delivery" in action) {
    const done = await answers.tap({ ...press, delivery: action.delivery, round: action.round }, (facts) =>
      tapEffect(facts, action.do, press),
    );
    if (!done) await answers.tell(press, "reply", phrase("reply.stale"));
    return;
  }
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

const spoken = async (answers: AnswerStore, press: Pressed, wanted: string): Promise<void> => {
  const locale = localeOf(wanted);
  if (!locale) return answers.tell(press, "reply", phrase("reply.unknown-language"));
  return answers.setLanguage(press, locale, phrase("reply.language"));
};

/** A sentence that was asked for, on a platform whose buttons carry none: then it is as if it had come with the button. */
const completed = async (parts: AnswerParts, press: Pressed, text: string): Promise<boolean> => {
  const action = text.trim() === "" ? null : await parts.answers.awaited(press);
  if (action) await pressed(parts, { ...press, words: text }, { kind: "press", action, text, ref: null });
  return action !== null;
};

/** What a person did counts from when it came in, however long it then waited for us. */
const handle = async (parts: AnswerParts, { id, incoming, receivedAt: now }: StoredIncoming): Promise<void> => {
  const { what } = incoming;
  if (what.kind === "receipt") {
    await parts.deliveries.receive(incoming.from, what.ref, what.state, { now, real: parts.clock.real() });
    return parts.inbound.done(id);
  }
  const sender = await parts.answers.sender(incoming.from);
  if (!sender) return parts.inbound.done(id);
  if (what.kind === "reach")
    return parts.answers.reach({ inbound: id, sender, now, words: null, ref: null }, what.reachable);
  const { text: words, ref } = what.kind === "press" ? what : { text: null, ref: null };
  const press = { inbound: id, sender, now, words, ref };
  if (what.kind === "press") return pressed(parts, press, what);
  if (what.kind === "language") return spoken(parts.answers, press, what.locale);
  if (what.kind === "command" && what.name === "language") return spoken(parts.answers, press, what.argument);
  if (what.kind === "command") return listed(parts.answers, press, what.name, 0);
  if (what.kind === "text" && (await completed(parts, press, what.text))) return;
  return parts.answers.tell(press, "reply", phrase(what.kind === "stale-press" ? "reply.stale" : "reply.stray"));
};

/** Whether this release knows what it is. While two run side by side, the rest is left to the newer one. */
const isKnown = ({ what }: Incoming): boolean =>
  Object.hasOwn(KINDS, what.kind) && (what.kind !== "press" || Object.hasOwn(DEEDS, what.action.do));

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
