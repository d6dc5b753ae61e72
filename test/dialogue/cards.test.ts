import { describe, expect, it } from "vitest";
import en from "../../locales/en.json" with { type: "json" };
import type { Action } from "../../src/dialogue/action.ts";
import type { PhraseKey } from "../../src/dialogue/phrase.ts";
import { at, phrase } from "../../src/dialogue/phrase.ts";
import type { Card } from "../../src/dialogue/screen.ts";
import { screenOf } from "../../src/dialogue/screens/of-delivery.ts";
import type {
  AnswerView,
  DeliveryView,
  DutyView,
  NoticeView,
  PreviousView,
  StuckView,
} from "../../src/dialogue/view.ts";
import { changesBetween } from "../../src/domain/changes.ts";
import type { ObligationId, TaskId } from "../../src/domain/ids.ts";
import type { Locale } from "../../src/domain/language.ts";
import { LOCALES } from "../../src/domain/language.ts";
import type { Ack, Urgency } from "../../src/domain/notice.ts";
import { ACKS, NOTICE_STATES, URGENCIES } from "../../src/domain/notice.ts";
import { speaker } from "../../src/locale/speaker.ts";
import { wording } from "../../src/locale/wording.ts";
import { buttonsOf, cardFaults } from "./card-faults.ts";
import { CONTENTS, delivery, duty, hence, NOW, notice, owed, TITLES, todo } from "./delivery-views.ts";

const speak = speaker(() => NOW, "Asia/Shanghai");
const draw = (view: DeliveryView): Card => speak.card(screenOf(view, NOW), view.reader.locale);

const minutesAgo = (minutes: number): Date => hence(-minutes / 60);
const answered = (parts: Partial<AnswerView>): AnswerView => ({
  by: "me",
  how: "tap",
  at: minutesAgo(30),
  late: false,
  ...parts,
});
const done = (parts: Partial<AnswerView>, rest: Partial<DutyView> = {}) =>
  duty({ state: "fulfilled", answer: answered(parts), ...rest });
const other = (locale: Locale) => ({ name: locale === "en" ? "Li Guihua" : "李桂花" });
const past = { dueAt: hence(-20) };

/** A new version whose every paragraph has changed. */
const renewed = (locale: Locale, parts: Partial<PreviousView>): Partial<NoticeView> => {
  const { short, long } = CONTENTS[locale];
  const changes = changesBetween(short, long, wording, locale);
  const before = { number: "青安委办〔2026〕16号", ack: "undertake", dueAt: hence(7.5), answered: false } as const;
  return { previous: { ...before, changes, ...parts } };
};

/** Every way in which a notice can stand for its reader. */
const SITUATIONS: Readonly<Record<string, (locale: Locale) => Partial<NoticeView>>> = {
  open: () => ({}),
  "without a due time": () => ({ dueAt: null, duties: [duty({ dueAt: null })] }),
  overdue: () => past,
  "answered just now": () => ({ duties: [done({ at: minutesAgo(1) })] }),
  "answered before": () => ({ duties: [done({})] }),
  "answered late": () => ({ ...past, duties: [done({ late: true }, past)] }),
  "answered days late": () => ({ dueAt: hence(-100), duties: [done({ late: true })] }),
  "answered by another": (locale) => ({ duties: [done({ by: other(locale) })] }),
  "answered by proxy": (locale) => ({ duties: [done({ by: other(locale), how: "proxy" })] }),
  "answered late by proxy": (locale) => ({ ...past, duties: [done({ by: other(locale), how: "proxy", late: true })] }),
  "answered on paper": (locale) => ({ duties: [done({ by: other(locale), how: "paper" })] }),
  "half of a quorum, mine": () => ({ duties: [duty({ answer: answered({ at: minutesAgo(1) }) })] }),
  "half of a quorum, another's": (locale) => ({ duties: [duty({ answer: answered({ by: other(locale) }) })] }),
  "two units, one answered by another": (locale) => ({ duties: [done({ by: other(locale) }), duty()] }),
  "many units": () => ({
    duties: Array.from({ length: 30 }, (_, index) => duty({ unitName: `石桥第${index}木业有限公司` })),
  }),
  "as the deputy": () => ({ duties: [duty({ deputy: true })] }),
  excused: () => ({ duties: [duty({ state: "excused" })] }),
  cancelled: () => ({ duties: [duty({ state: "cancelled" })] }),
  recalled: () => ({ state: "recalled", duties: [duty({ state: "cancelled" })] }),
  "recalled for a long reason": () => ({ state: "recalled", recallReason: "日期写错了，请等新通知。".repeat(8) }),
  superseded: () => ({ state: "superseded", successor: { number: "青安委办〔2026〕18号", mine: true } }),
  "superseded for others": () => ({ state: "superseded", successor: { number: "青安委办〔2026〕18号", mine: false } }),
  renewed: (locale) => renewed(locale, {}),
  "renewed and due later": (locale) => renewed(locale, { dueAt: hence(2), ack: "none" }),
  "renewed and answered": (locale) => ({ ...renewed(locale, { answered: true }), duties: [done({})] }),
  "renewed and asked again": (locale) => renewed(locale, { answered: true, dueAt: hence(30) }),
  "renewed in the same words": (locale) => renewed(locale, { changes: { passages: [], whole: [] } }),
  "renewed from another language": (locale) => renewed(locale, { changes: null }),
  closed: () => ({ state: "closed", duties: [done({})] }),
};

interface Case {
  readonly name: string;
  readonly view: (locale: Locale) => DeliveryView;
}

const lengths = ["short", "long"] as const;

interface Ways {
  readonly situation: string;
  readonly ack: Ack;
  readonly urgency: Urgency;
  readonly length: (typeof lengths)[number];
  readonly repeat: boolean;
  readonly foreign: boolean;
}

const noticeCase = ({ situation, ack, urgency, length, repeat, foreign }: Ways): Case => ({
  name: [situation, ack, urgency, length, repeat && "repeat", foreign && "foreign"].filter(Boolean).join(" · "),
  view: (locale) => {
    const other = locale === "en" ? "zh-CN" : "en";
    const written = foreign ? other : locale;
    const text = { locale: written, title: TITLES[written][length], content: CONTENTS[written][length] } as const;
    const owes = ack === "none" ? { duties: [] } : {};
    const situated = SITUATIONS[situation]?.(locale);
    return delivery(locale, { repeat, notice: notice(locale, { ack, urgency, text, ...situated, ...owes }) });
  },
});

/** All ways in which these can be combined. */
const combined = <Parts extends object>(
  choices: { readonly [Key in keyof Parts]: readonly Parts[Key][] },
): readonly Parts[] =>
  (Object.entries(choices) as [string, readonly unknown[]][]).reduce<readonly object[]>(
    (made, [key, values]) => made.flatMap((one) => values.map((value) => ({ ...one, [key]: value }))),
    [{}],
  ) as readonly Parts[];

/** A notice in every situation, with every way of asking, in every urgency, as a repeat, in another language, long. */
const noticeCases: readonly Case[] = combined<Ways>({
  situation: Object.keys(SITUATIONS),
  ack: ACKS,
  urgency: URGENCIES,
  length: lengths,
  repeat: [false, true],
  foreign: [false, true],
}).map(noticeCase);

const REPLIES = (Object.keys(en) as PhraseKey[]).filter((key) => key.startsWith("reply."));

/** The one message by which people hear that a notice is over. */
const toldCases: readonly Case[] = (["recalled", "released"] as const).flatMap((kind) =>
  lengths.map((length) => ({
    name: `${kind}, ${length}`,
    view: (locale) => {
      const text = { locale, title: TITLES[locale][length], content: CONTENTS[locale][length] } as const;
      const state = kind === "recalled" ? "recalled" : "superseded";
      const recallReason = kind === "recalled" ? "日期写错了，请等新通知。".repeat(8) : null;
      return delivery(locale, { kind, repeat: true, notice: notice(locale, { state, recallReason, text }) });
    },
  })),
);

const BYPASSES = [null, "urgent", "flash", "legal-clock"] as const;

const stuck = (count: number, task: "phone" | "visit" | null): StuckView[] =>
  Array.from({ length: count }, (_, nth) => ({
    ...{ obligation: 5n as ObligationId, generation: 1, unitName: "石桥木业有限公司", number: "青安委办〔2026〕17号" },
    ...{ dueAt: hence(-2), who: nth === 0 ? "周建国" : null, phone: nth === 0 ? "13800138000" : null },
    task: task && { id: 9n as TaskId, kind: task },
  }));

/** Messages of the clock, the fullest of them included, and those that everything has been done about. */
const clockCases: readonly Case[] = [
  ...BYPASSES.flatMap((bypass) =>
    (["open", "fulfilled"] as const).map(
      (state): Case => ({
        name: `a reminder, ${state}, ${bypass}`,
        view: (locale) =>
          delivery(locale, { kind: "reminder", bypass, notice: notice(locale, { duties: [duty({ state })] }) }),
      }),
    ),
  ),
  ...(["deputy", "above", "task"] as const).flatMap((kind) =>
    [0, 1, 8].map(
      (count): Case => ({
        name: `${kind}, ${count} stuck`,
        view: (locale) =>
          delivery(locale, {
            ...{ kind, bypass: count === 1 ? "flash" : null },
            stuck: { items: stuck(count, kind === "task" ? "phone" : null), open: count === 8 ? 23 : count, total: 28 },
          }),
      }),
    ),
  ),
  ...[0, 1, 9].map(
    (count): Case => ({
      name: `a digest of ${count}`,
      view: (locale) =>
        delivery(locale, {
          ...{ kind: "digest", dayEnds: hence(12), below: count === 9 ? 3 : 0 },
          todo: Array.from({ length: count }, (_, nth) =>
            todo(locale, {
              ack: nth % 2 ? "read" : "undertake",
              fresh: nth % 3 === 0,
              dueAt: nth ? hence(nth * 9 - 20) : null,
            }),
          ),
        }),
    }),
  ),
];

const listCases: readonly Case[] = [
  ...toldCases,
  ...REPLIES.map(
    (key): Case => ({
      name: key,
      view: (locale) =>
        delivery(locale, {
          kind: "reply",
          phrase: phrase(key, {
            at: at(minutesAgo(5)),
            unit: "石桥木业有限公司",
            number: "青安委办〔2026〕18号",
            titles: "防汛检查",
          }),
        }),
    }),
  ),
  ...clockCases,
  { name: "a reply without words", view: (locale) => delivery(locale, { kind: "reply" }) },
  { name: "an empty list", view: (locale) => delivery(locale, { kind: "todo" }) },
  ...[1, 2, 8, 30].flatMap((count) =>
    lengths.map(
      (length): Case => ({
        name: `a list of ${count}, ${length}`,
        view: (locale) =>
          delivery(locale, {
            kind: "todo",
            todo: Array.from({ length: count }, (_, index) =>
              todo(locale, {
                ack: ACKS[1 + (index % 3)] ?? "read",
                dueAt: index % 2 ? hence(-30 * index) : null,
                title: TITLES[locale][length],
              }),
            ),
          }),
      }),
    ),
  ),
  {
    name: "nobody to answer for",
    view: (locale) => delivery(locale, { kind: "proxy", proxy: { items: [], next: null, total: 0 } }),
  },
  { name: "no right to answer for anybody", view: (locale) => delivery(locale, { kind: "proxy" }) },
  ...[1, 8].map(
    (count): Case => ({
      name: `${count} to answer for`,
      view: (locale) =>
        delivery(locale, {
          kind: "proxy",
          proxy: {
            items: Array.from({ length: count }, (_, index) =>
              owed(locale, { state: index === 3 ? "fulfilled" : "open", dueAt: index ? hence(index * 30) : null }),
            ),
            next: count === 8 ? 8 : null,
            total: count === 8 ? 31 : 1,
          },
        }),
    }),
  ),
];

describe("every card", () => {
  it.each(LOCALES)("keeps the rules in %s, in each of some three thousand states", (locale) => {
    const faults = [...noticeCases, ...listCases].flatMap(({ name, view }) =>
      cardFaults(draw(view(locale))).map((fault) => `${name}: ${fault}`),
    );
    expect(faults).toEqual([]);
  });

  it("has the same buttons in both languages", () => {
    const shape = (card: Card) =>
      buttonsOf(card).map(({ action, primary, asks }) => ({ action, primary, asks: asks !== null }));
    for (const { name, view } of [...noticeCases, ...listCases])
      expect([name, shape(draw(view("en")))]).toEqual([name, shape(draw(view("zh-CN")))]);
  });
});

describe("the card of a notice", () => {
  const of = (parts: Partial<NoticeView>, locale: Locale = "zh-CN", rest: Partial<DeliveryView> = {}) =>
    draw(delivery(locale, { notice: notice(locale, parts), ...rest }));
  const deeds = (card: Card): readonly Action["do"][] => card.buttons.map(({ action }) => action.do);

  it("says who asks for what by when, in this order", () => {
    expect(of({})).toMatchObject({
      standing: null,
      urgency: { words: "加急", weight: "outline" },
      number: "青安委办〔2026〕17号",
      title: { text: "国庆节前安全防范", locale: "zh-CN" },
      content: { short: CONTENTS["zh-CN"].short, rest: null },
      lines: ["青禾县安委办 发布"],
      due: { words: "⏰ 今天 17:30 前 · 约 30 秒", late: false },
      notes: ["发给您，因为石桥木业归您负责"],
      fallback: "加急 17号 国庆节前安全防范 · 今天 17:30 前",
    });
    expect(of({}, "en")).toMatchObject({
      urgency: { words: "Priority" },
      due: { words: "⏰ By today 17:30 · about 30 seconds" },
      fallback: "Priority · Notice 17: Safe through the holiday · by today 17:30",
    });
  });

  it.each([
    ["undertake", "✅ 我来负责（周建国）", "✅ I take this on (Zhou Jianguo)"],
    ["read", "✅ 知道了", "✅ Got it"],
    ["evidence", "✅ 办好了，交材料", "✅ Done, add proof"],
  ] as const)("asks to %s with one button", (ack, zh, english) => {
    expect(of({ ack }).buttons.map(({ label }) => label)).toEqual([zh]);
    expect(of({ ack }, "en").buttons.map(({ label }) => label)).toEqual([english]);
    expect(of({ ack }).buttons[0]?.asks === null).toBe(ack !== "evidence");
  });

  it("asks nothing where nothing is owed", () => {
    expect(of({ ack: "none", duties: [] })).toMatchObject({ standing: null, due: null, buttons: [], notes: [] });
  });

  it.each([
    [0, "answered just now", ["take-back"]],
    [120, "two minutes ago", ["take-back"]],
    [120.001, "longer ago", []],
  ])("offers to take back %d s after the answer, %s", (seconds, _, expected) => {
    expect(deeds(of({ duties: [done({ at: minutesAgo(seconds / 60) })] }))).toEqual(expected);
  });

  it("offers nothing on what somebody else answered", () => {
    expect(deeds(of({ duties: [done({ by: other("en"), at: NOW })] }))).toEqual([]);
  });

  it.each(NOTICE_STATES.filter((state) => state !== "published"))("offers nothing once the notice is %s", (state) => {
    const card = of({ state, duties: [done({ at: NOW }), duty()] });
    expect([card.buttons, card.due, card.standing?.tone]).toEqual([[], null, "ended"]);
  });

  it("still asks whoever has not answered where one of several has", () => {
    const half = of({ duties: [duty({ answer: answered({ by: other("zh-CN") }) })] });
    expect([half.standing, deeds(half)]).toEqual([null, ["acknowledge"]]);
    const mine = of({ duties: [duty({ answer: answered({ at: NOW }) })] });
    expect([mine.standing?.words, deeds(mine)]).toEqual(["✅ 周建国 10:00 已认领", ["take-back"]]);
    const again = of({ duties: [done({}), duty({ answer: answered({ by: other("zh-CN") }) })] });
    expect([again.standing, deeds(again)]).toEqual([null, ["acknowledge"]]);
  });

  it.each<[string, Partial<NoticeView>, string, string]>([
    ["taken on", { duties: [done({})] }, "✅ 周建国 09:30 已认领", "✅ Zhou Jianguo took this on, 09:30"],
    ["read", { ack: "read", duties: [done({})] }, "✅ 周建国 09:30 知道了", "✅ Zhou Jianguo has read this, 09:30"],
    ["done", { ack: "evidence", duties: [done({})] }, "✅ 周建国 09:30 已办好", "✅ Zhou Jianguo has done this, 09:30"],
    [
      "late",
      { dueAt: hence(-2.6), duties: [done({ late: true })] },
      "✅ 周建国 09:30 已认领（晚 2 小时）",
      "✅ Zhou Jianguo took this on, 09:30 (2 hours late)",
    ],
    [
      "a little late",
      { dueAt: hence(-0.51), duties: [done({ late: true })] },
      "✅ 周建国 09:30 已认领（晚 1 小时）",
      "✅ Zhou Jianguo took this on, 09:30 (1 hour late)",
    ],
    [
      "days late",
      { dueAt: hence(-72.5), duties: [done({ late: true })] },
      "✅ 周建国 09:30 已认领（晚 3 天）",
      "✅ Zhou Jianguo took this on, 09:30 (3 days late)",
    ],
    [
      "by proxy",
      { duties: [done({ by: { name: "Li" }, how: "proxy", at: hence(-24) })] },
      "✅ Li 昨天 10:00 代签",
      "✅ Answered by proxy: Li, yesterday 10:00",
    ],
    ["recalled", { state: "recalled" }, "这份通知已撤回，不用再办。", "This notice was recalled. Nothing to do."],
    [
      "excused",
      { duties: [duty({ state: "excused" })] },
      "您单位已不在这份通知的范围内，不用再办。",
      "Your unit is no longer covered by this notice. Nothing to do.",
    ],
  ])("says where it stands: %s", (_, parts, zh, english) => {
    expect(of(parts).standing?.words).toBe(zh);
    expect(of(parts, "en").standing?.words).toBe(english);
  });

  it("says that it is overdue and that answering still counts", () => {
    expect(of(past).due).toEqual({ words: "⏰ 昨天 14:00 到期 · 现在认领也算数", late: true });
  });

  it("is due at its time and overdue after it", () => {
    expect(of({ dueAt: NOW }).due?.late).toBe(false);
    expect(of({ dueAt: new Date(NOW.getTime() - 1) }).due?.late).toBe(true);
  });

  it.each([
    [10, "10 秒"],
    [89, "89 秒"],
    [90, "2 分钟"],
    [121, "3 分钟"],
  ])("says how long %i seconds are", (seconds, words) => {
    expect(of({ seconds }).due?.words).toBe(`⏰ 今天 17:30 前 · 约 ${words}`);
  });

  it("tells why, and what is out of the ordinary", () => {
    const deputy = [duty({ deputy: true })];
    expect(of({ duties: deputy }).notes).toEqual(["正职联系不上，所以请您代办。", "发给您，因为石桥木业归您负责"]);
    expect(of({}, "en", { repeat: true }).notes).toEqual([
      "You may have had this once already.",
      "Sent to you for Shiqiao Timber",
    ]);
    const three = ["甲", "乙", "丙"].map((unitName) => duty({ unitName }));
    expect(of({ duties: three }).notes).toEqual(["发给您，因为甲等 3 家归您负责"]);
    expect(of({ duties: three }, "en").notes).toEqual(["Sent to you for 甲 and 2 other units"]);
    expect(of({ duties: three.slice(1) }, "en").notes).toEqual(["Sent to you for 乙 and one other unit"]);
    expect(of({ text: { locale: "en", title: "T", content: [] } }).notes[0]).toBe("没有中文版，这是原文。");
  });

  it("keeps the whole behind the excerpt only where there is more", () => {
    const { content } = of({ text: { locale: "zh-CN", title: "短", content: CONTENTS["zh-CN"].long } });
    expect(content?.rest).toEqual(CONTENTS["zh-CN"].long);
    expect(content?.short).not.toEqual(content?.rest);
  });

  it("carries its delivery and its round in its buttons", () => {
    expect(of({}, "zh-CN", { round: 4 }).buttons[0]?.action).toEqual({ do: "acknowledge", delivery: 3n, round: 4 });
  });
});

describe("a list", () => {
  it("shows what is due first, and how many more there are", () => {
    const items = Array.from({ length: 11 }, (_, index) => todo("zh-CN", { number: `某办〔2026〕${index + 1}号` }));
    const card = draw(delivery("zh-CN", { kind: "todo", todo: items }));
    expect(card.lines).toEqual(["还有 11 件等您：", "这里是最早到期的 8 件，另有 3 件。"]);
    expect(card.items).toHaveLength(8);
    expect(card.items[0]).toMatchObject({ title: "1号 国庆节前安全防范", detail: "⏰ 今天 17:30 前" });
  });

  it("is good news when it is empty", () => {
    expect(draw(delivery("zh-CN", { kind: "todo" })).lines).toEqual(["今天没有要您办的事。"]);
  });

  it("goes on to the next page of those one may answer for", () => {
    const page = (next: number | null) =>
      draw(delivery("en", { kind: "proxy", proxy: { items: [owed("en")], next, total: 9 } }));
    expect(page(8).buttons.map(({ action }) => action)).toEqual([{ do: "proxy-list", from: 8 }]);
    expect(page(null).buttons).toEqual([]);
    expect(page(8).items[0]?.button).toMatchObject({
      label: "✅ Answer by proxy",
      asks: "Why do you answer for them?",
    });
  });
});
