import { describe, expect, it } from "vitest";
import type { ObligationId, PersonId } from "../../src/domain/ids.ts";
import type { Duty, Tap } from "../../src/domain/obligation.ts";
import { acknowledge, fulfils, isLate, reopens, TAKE_BACK_MS, takeBack } from "../../src/domain/obligation.ts";

const ME = 1n as PersonId;
const OTHER = 2n as PersonId;
const AT = new Date("2026-09-18T02:00:00Z");
const later = (milliseconds: number) => new Date(AT.getTime() + milliseconds);
const by = (person: PersonId, at = AT) => ({ person, at });

const duty = (parts: Partial<Duty> = {}): Duty => ({
  obligation: 7n as ObligationId,
  state: "open",
  generation: 1,
  needed: 1,
  dueAt: null,
  answers: [],
  ...parts,
});
const mine = duty({ state: "fulfilled", answers: [by(ME)] });
const others = duty({ obligation: 8n as ObligationId, state: "fulfilled", answers: [by(OTHER)] });
const excused = duty({ state: "excused" });

const tap = (parts: Partial<Tap> = {}): Tap => ({
  person: ME,
  own: true,
  notice: { state: "published", ack: "undertake" },
  round: 1,
  pressed: 1,
  duties: [duty()],
  words: null,
  ...parts,
});

describe("a tap on ✅", () => {
  it("records an answer to everything that is open", () => {
    const two = [duty(), duty({ obligation: 9n as ObligationId }), excused];
    expect(acknowledge(tap({ duties: two }))).toEqual({ kind: "record", duties: two.slice(0, 2) });
  });

  it("records what is left where somebody else has answered the rest", () => {
    const open = duty();
    expect(acknowledge(tap({ duties: [others, open] }))).toEqual({ kind: "record", duties: [open] });
  });

  it("is refused on a card of someone else, whatever else holds", () => {
    const foreign = { own: false, pressed: 2, notice: { state: "recalled", ack: "read" }, duties: [mine] } as const;
    expect(acknowledge(tap(foreign))).toEqual({ kind: "foreign" });
  });

  it("changes nothing the second time, also on an old card or after the notice has ended", () => {
    const already = { kind: "already", at: AT };
    expect(acknowledge(tap({ duties: [mine] }))).toEqual(already);
    expect(acknowledge(tap({ duties: [others, mine] }))).toEqual(already);
    expect(acknowledge(tap({ duties: [mine], pressed: 2 }))).toEqual(already);
    expect(acknowledge(tap({ duties: [mine], notice: { state: "recalled", ack: "read" } }))).toEqual(already);
  });

  it("changes nothing where a quorum still waits for others", () => {
    const waiting = duty({ needed: 2, answers: [by(ME)] });
    expect(acknowledge(tap({ duties: [waiting] }))).toEqual({ kind: "already", at: AT });
  });

  it("answers what was others' at the first tap and is open again", () => {
    const again = duty({ obligation: 8n as ObligationId, generation: 2, needed: 2, answers: [by(OTHER)] });
    expect(acknowledge(tap({ duties: [mine, again] }))).toEqual({ kind: "record", duties: [again] });
  });

  it.each(["superseded", "recalled", "closed"] as const)("records nothing once the notice is %s", (state) => {
    expect(acknowledge(tap({ notice: { state, ack: "undertake" } }))).toEqual({ kind: "ended" });
  });

  it("does nothing on a card of an earlier or a later round", () => {
    expect(acknowledge(tap({ round: 2, pressed: 1 }))).toEqual({ kind: "old-card" });
    expect(acknowledge(tap({ round: 1, pressed: 2 }))).toEqual({ kind: "old-card" });
  });

  it("says when somebody else has answered all of it", () => {
    expect(acknowledge(tap({ duties: [excused, others] }))).toEqual({ kind: "answered-by-other", at: AT });
  });

  it.each<[string, readonly Duty[]]>([
    ["nothing is owed", []],
    ["all of it is excused", [excused]],
    ["all of it is cancelled", [duty({ state: "cancelled" })]],
  ])("says that it has ended where %s", (_, duties) => {
    expect(acknowledge(tap({ duties }))).toEqual({ kind: "ended" });
  });

  it.each([null, "", "  \n\t "])("needs a sentence where evidence is asked, and %j is none", (words) => {
    const notice = { state: "published", ack: "evidence" } as const;
    expect(acknowledge(tap({ notice, words }))).toEqual({ kind: "needs-words" });
    expect(acknowledge(tap({ notice, words: "清了" })).kind).toBe("record");
  });

  it.each(["none", "read", "undertake"] as const)("needs none for %s", (ack) => {
    expect(acknowledge(tap({ notice: { state: "published", ack } })).kind).toBe("record");
  });
});

describe("a tap on ↩", () => {
  it("takes back within two minutes and not a millisecond longer", () => {
    const answered = tap({ duties: [mine] });
    expect(takeBack(answered, AT)).toEqual({ kind: "reopen", duties: [mine] });
    expect(takeBack(answered, later(TAKE_BACK_MS))).toEqual({ kind: "reopen", duties: [mine] });
    expect(takeBack(answered, later(TAKE_BACK_MS + 1))).toEqual({ kind: "too-late-to-take-back" });
  });

  it("takes back one's own answers and nobody else's", () => {
    expect(takeBack(tap({ duties: [others, mine, duty()] }), AT)).toEqual({ kind: "reopen", duties: [mine] });
    expect(takeBack(tap({ duties: [others] }), AT)).toEqual({ kind: "nothing-to-take-back" });
  });

  it("takes back what is fresh and leaves what is older", () => {
    const late = duty({
      obligation: 9n as ObligationId,
      state: "fulfilled",
      answers: [by(ME, later(TAKE_BACK_MS * 2))],
    });
    expect(takeBack(tap({ duties: [mine, late] }), later(TAKE_BACK_MS * 2))).toEqual({
      kind: "reopen",
      duties: [late],
    });
  });

  it("takes back an answer to a quorum that is still open", () => {
    const waiting = duty({ needed: 2, answers: [by(ME)] });
    expect(takeBack(tap({ duties: [waiting] }), AT)).toEqual({ kind: "reopen", duties: [waiting] });
  });

  it("is refused on a card of someone else", () => {
    expect(takeBack(tap({ own: false, duties: [mine] }), AT)).toEqual({ kind: "foreign" });
  });

  it("does nothing on a card of another round", () => {
    expect(takeBack(tap({ round: 2, duties: [mine] }), AT)).toEqual({ kind: "old-card" });
  });

  it("does nothing once the notice has ended, or where nothing was owed or answered", () => {
    expect(takeBack(tap({ duties: [mine], notice: { state: "recalled", ack: "read" } }), AT)).toEqual({
      kind: "ended",
    });
    expect(takeBack(tap({ duties: [] }), AT)).toEqual({ kind: "nothing-to-take-back" });
    expect(takeBack(tap(), AT)).toEqual({ kind: "nothing-to-take-back" });
  });
});

describe("a quorum", () => {
  it.each([
    [1, 0, true],
    [2, 0, false],
    [2, 1, true],
    [3, 1, false],
    [1, 3, true],
  ])("of %i with %i answers is fulfilled by one more: %s", (needed, count, expected) => {
    expect(fulfils(duty({ needed, answers: Array.from({ length: count }, () => by(OTHER)) }))).toBe(expected);
  });

  it.each([
    [1, 1, true],
    [2, 2, true],
    [2, 3, false],
    [1, 2, false],
  ])("of %i with %i answers falls short without one: %s", (needed, count, expected) => {
    const answers = Array.from({ length: count }, () => by(OTHER));
    expect(reopens(duty({ needed, answers, state: "fulfilled" }))).toBe(expected);
    expect(reopens(duty({ needed, answers, state: "open" }))).toBe(false);
  });
});

describe("being late", () => {
  it("begins after the due time, not at it", () => {
    expect(isLate(AT, later(-1))).toBe(false);
    expect(isLate(AT, AT)).toBe(false);
    expect(isLate(AT, later(1))).toBe(true);
    expect(isLate(null, AT)).toBe(false);
  });
});
