import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { type AnswersOf, form } from "../../../src/dialogue/form/form.ts";
import { markOf, readMark } from "../../../src/dialogue/form/mark.ts";
import { agreement, choice, confirm, type Saved, text } from "../../../src/dialogue/form/question.ts";
import { type FormDraft, type Input, placeOf, resume, start } from "../../../src/dialogue/form/turn.ts";
import { FORMS } from "../../../src/dialogue/forms/catalogue.ts";
import { phrase } from "../../../src/dialogue/phrase.ts";
import { collisions, play } from "./transcript.ts";

/** A form with everything in it; its words stand for others. */
const visit = form<{ readonly site: string }>("visit")
  .ask("kind", choice({ flood: phrase("language.zh"), fire: phrase("language.en") }), [phrase("form.pick")])
  .askIf(
    "depth",
    (soFar) => soFar.kind === "flood",
    text({ max: 10 }),
    (soFar) => [phrase("form.words", { words: soFar.kind })],
    phrase("post.worker"),
  )
  .ask("note", text({ max: 20 }), (_, { site }) => [phrase("form.words", { words: site })], phrase("enrol.name"))
  .askIf("sure", ({ kind }) => kind === "fire", confirm({ yes: phrase("enrol.agree"), no: phrase("enrol.decline") }), [
    phrase("form.write"),
  ])
  .summaryIf("check", () => true, agreement(phrase("enrol.check.yes")), [phrase("form.over")]);

const FACTS = { site: "bridge" };

describe("a form", () => {
  it("is played to its end, question by question, through JSON between turns", () => {
    const { transcript, turn } = play(visit, FACTS, "en", "[中文]", "knee-deep", "x", "[That is right]");
    expect(transcript).toMatchInlineSnapshot(`
      "Please use one of the buttons, or write its number.
      Step 1
      [中文] [English] [Cancel]
      > [中文]
      flood
      Step 2
      [← Back] [Cancel]
      > knee-deep
      bridge
      Step 3
      [← Back] [Cancel]
      > x
      This question is closed. There is nothing to answer here any more.
      worker: knee-deep
      name: x
      Step 4
      [That is right] [Change worker] [Change name] [Cancel]
      > [That is right]"
    `);
    expect(turn).toMatchObject({
      kind: "done",
      answers: { kind: "flood", depth: "knee-deep", note: "x", check: true },
    });
  });

  it("asks again for what does not fit and says why, goes back, changes one answer, and is cancelled", () => {
    const { transcript, turn } = play(
      ...([
        visit,
        FACTS,
        "zh-CN",
        "深",
        "２",
        "十个字写不下了吗写得下但是二十个字就写不下了",
        "\u200b ",
        "好",
        "[← 上一步]",
        "还是好",
        "[不绑定]",
        "[改姓名]",
        "够了",
        "[取消]",
      ] as const),
    );
    expect(transcript).toContain("> 深\n请点下面的按钮，或者写它的序号。");
    expect(transcript).toContain("有 22 个字，最多 20 个。前面的回答都在。\nbridge");
    expect(transcript).toContain("> \u200b \n请写文字。\nbridge");
    expect(transcript).toContain("> [← 上一步]\nbridge");
    expect(transcript).toContain("姓名：还是好");
    expect(transcript).toContain("> 够了\n这一步已经结束，不用再答。\n姓名：够了");
    expect(turn.kind).toBe("cancelled");
  });

  it("does not hear a button of an earlier question", () => {
    const first = resume(
      visit,
      FACTS,
      { form: "visit", answers: {} },
      { kind: "reply", question: "kind", reply: { kind: "option", option: "fire" } },
    );
    if (first.kind !== "asking") throw new Error(first.kind);
    const again: Input = { kind: "reply", question: "kind", reply: { kind: "option", option: "flood" } };
    expect(resume(visit, FACTS, first.draft, again)).toEqual({ ...first, problems: {} });
  });

  it("takes several answers at once, each with its own mistake", () => {
    const replies = {
      kind: { kind: "option", option: "flood" },
      depth: { kind: "text", text: "far too deep for this" },
      note: { kind: "text", text: "ok" },
      nonsense: { kind: "text", text: "?" },
    } as const;
    const turn = resume(visit, FACTS, { form: "visit", answers: {} }, { kind: "replies", replies });
    expect(turn).toMatchObject({
      kind: "asking",
      question: "depth",
      draft: { answers: { kind: "flood", note: "ok" } },
      problems: { depth: { key: "form.too-long" } },
    });
    expect(Object.keys(turn.kind === "asking" ? turn.problems : {})).toEqual(["depth"]);
  });

  it("is gone on with after a release that put a question in, took one away, or does not know an answer any more", () => {
    const draft = { form: "visit", answers: { kind: "fire", note: "ok", gone: 7 } };
    const longer = form<typeof FACTS>("visit")
      .ask("kind", choice({ fire: phrase("language.en") }), [phrase("form.pick")])
      .ask("fresh", text({ max: 5 }), [phrase("form.write")])
      .ask("note", text({ max: 20 }), [phrase("form.write")]);
    expect(
      resume(longer, FACTS, draft, { kind: "reply", question: "fresh", reply: { kind: "text", text: "new" } }),
    ).toMatchObject({
      kind: "done",
      answers: { kind: "fire", fresh: "new", note: "ok" },
    });
    const narrower = form<typeof FACTS>("visit").ask("kind", choice({ flood: phrase("language.zh") }), [
      phrase("form.pick"),
    ]);
    expect(placeOf(narrower, FACTS, draft.answers).now?.name).toBe("kind");
  });

  it("has the type of its answers, and knows only what was asked before", () => {
    expectTypeOf<AnswersOf<typeof visit>>().toExtend<{
      readonly kind: "flood" | "fire";
      readonly depth?: string;
      readonly note: string;
      readonly sure?: boolean;
    }>();
    const begun = form("types").ask("kind", choice({ flood: phrase("language.zh") }), [phrase("form.pick")]);
    // @ts-expect-error there is no such choice
    begun.askIf("a", ({ kind }) => kind === "fire", text({ max: 1 }), [phrase("form.pick")]);
    // @ts-expect-error it is asked later
    begun.askIf("a", ({ later }) => later === "", text({ max: 1 }), [phrase("form.pick")]);
    // @ts-expect-error the locales have no such words
    begun.ask("a", text({ max: 1 }), [phrase("form.nowhere")]);
  });

  it.each(Object.entries(FORMS))("%s has no two buttons with one mark", (_, each) => {
    expect(collisions(each)).toEqual([]);
  });
});

const inputs = fc.oneof(
  fc.record({
    kind: fc.constant("reply" as const),
    question: fc.constantFrom(null, "kind", "depth", "note", "sure", "check", "nonsense"),
    reply: fc.oneof(
      fc.record({ kind: fc.constant("text" as const), text: fc.string({ unit: "binary", maxLength: 30 }) }),
      fc.record({
        kind: fc.constant("option" as const),
        option: fc.constantFrom("flood", "fire", "yes", "no", "__proto__", "constructor"),
      }),
    ),
  }),
  fc.constant({ kind: "back" } as const),
  fc.record({ kind: fc.constant("change" as const), question: fc.constantFrom("depth", "note", "nonsense") }),
);

const through = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

/** Every turn comes out the same from a draft that went through JSON. */
const playedOut = (played: readonly Input[]) => {
  let turn = start(visit, FACTS);
  for (const input of played) {
    if (turn.kind !== "asking") break;
    const [kept, restarted] = [turn.draft, through(turn.draft)];
    turn = resume(visit, FACTS, kept, input);
    expect(resume(visit, FACTS, restarted, input)).toEqual(turn);
  }
  return turn;
};

describe("whatever people do with a form", () => {
  it("it asks the same after a restart, every question can be cancelled, and going back ends at the first", () => {
    fc.assert(
      fc.property(fc.array(inputs, { maxLength: 25 }), (played) => {
        let turn = playedOut(played);
        if (turn.kind !== "asking") return;
        expect(placeOf(visit, FACTS, through(turn.draft.answers)).now?.name).toBe(turn.question);
        expect(resume(visit, FACTS, turn.draft, { kind: "cancel" })).toEqual({ kind: "cancelled" });
        for (let steps = 0; steps < 6 && turn.kind === "asking"; steps++)
          turn = resume(visit, FACTS, turn.draft, { kind: "back" });
        expect(turn).toMatchObject({ kind: "asking", question: "kind" });
      }),
      { numRuns: 1_000 },
    );
  });

  it("whatever a draft holds, it is read without a fault and what does not hold is asked again", () => {
    const saved = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const answers = fc.dictionary(fc.constantFrom("kind", "depth", "note", "sure", "check", "__proto__", "x"), saved);
    fc.assert(
      fc.property(answers, (held) => {
        const draft: FormDraft = { form: "visit", answers: held as Record<string, Saved> };
        const turn = resume(visit, FACTS, draft, { kind: "replies", replies: {} });
        if (turn.kind === "asking") expect(["kind", "depth", "note", "sure", "check"]).toContain(turn.question);
        else expect(turn).toMatchObject({ kind: "done", answers: { note: expect.any(String), check: true } });
      }),
      { numRuns: 1_000 },
    );
  });

  it("a mark means one button, and any other number none", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 65_535 }), (mark) => {
        const input = readMark(visit, mark);
        if (input && input.kind !== "replies") expect(markOf(input)).toBe(mark);
      }),
    );
  });
});
