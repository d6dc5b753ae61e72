import type { Card } from "../../../src/dialogue/screen.ts";
import { screenOf } from "../../../src/dialogue/screens/of-delivery.ts";
import type { DeliveryView, NoticeView } from "../../../src/dialogue/view.ts";
import type { Block, Inline } from "../../../src/domain/content.ts";
import type { DeliveryId, ObligationId } from "../../../src/domain/ids.ts";
import type { Locale } from "../../../src/domain/language.ts";
import { type Speaker, speaker } from "../../../src/locale/speaker.ts";

export const NOW = new Date("2026-09-20T02:05:00Z");
const DUE = new Date("2026-09-20T09:30:00Z");

export const talk: Speaker = speaker(() => NOW, "Asia/Shanghai");

const words = (text: string): readonly Inline[] => [{ kind: "text", text }];
const list = (ordered: boolean, ...items: (readonly Inline[])[]): Block => ({ kind: "list", ordered, items });

const linked = (text: string): readonly Inline[] => [
  { kind: "link", href: "https://example.org/list", children: words(text) },
];

/** Every kind of block and of words that a notice may hold. */
const TEXTS: Readonly<Record<Locale, { readonly title: string; readonly content: readonly Block[] }>> = {
  "zh-CN": {
    title: "国庆节前安全防范",
    content: [
      { kind: "paragraph", children: words("请您节前做三件事：") },
      list(
        false,
        words("查一遍消防通道和配电箱"),
        words("定好节日值班人"),
        words("停用的报警器先修再开工"),
        linked("看看灭火器检查表"),
      ),
      { kind: "heading", children: words("怎么查") },
      list(
        true,
        [...words("先看"), { kind: "strong", children: words("疏散通道") }, ...words("有没有堆放")],
        [...words("再看配电箱有没有"), { kind: "emphasis", children: words("异味") }],
      ),
      { kind: "quote", children: words("断电、被遮挡、过了检定日期，都算停用。") },
      { kind: "rule" },
      {
        kind: "paragraph",
        children: [...words("有疑问，打镇上电话："), { kind: "break" }, { kind: "code", text: "0834-000000" }],
      },
    ],
  },
  en: {
    title: "Safety before National Day",
    content: [
      { kind: "paragraph", children: words("Three things before the holiday:") },
      list(
        false,
        words("Walk the fire exits and switchboards"),
        words("Name who is on duty over the holiday"),
        words("Repair dead alarms before you restart"),
        linked("See the extinguisher list"),
      ),
      { kind: "heading", children: words("How to check") },
      list(
        true,
        [...words("First the "), { kind: "strong", children: words("exits") }, ...words(": nothing in the way")],
        [...words("Then the switchboards: "), { kind: "emphasis", children: words("smell") }],
      ),
      { kind: "quote", children: words("No power, covered up or past its test date all count as dead.") },
      { kind: "rule" },
      {
        kind: "paragraph",
        children: [...words("Questions? Call the town:"), { kind: "break" }, { kind: "code", text: "0834-000000" }],
      },
    ],
  },
};

const view = (locale: Locale, parts: Partial<DeliveryView>): DeliveryView => ({
  id: 7_000_000_001n as DeliveryId,
  kind: "notice",
  round: 1,
  page: 0,
  repeat: false,
  sentAt: NOW,
  reader: { name: "周建国", locale },
  notice: null,
  phrase: null,
  form: null,
  approval: null,
  todo: [],
  bypass: null,
  stuck: null,
  below: 0,
  dayEnds: null,
  proxy: null,
  ...parts,
});

const notice = (locale: Locale, parts: Partial<NoticeView> = {}): NoticeView => ({
  number: "青安委办〔2026〕17号",
  urgency: "priority",
  ack: "undertake",
  closing: { kind: "each-unit" },
  state: "published",
  issuerName: "青禾县安委办",
  dueAt: DUE,
  dueProvisional: false,
  seconds: 30,
  recallReason: null,
  successor: null,
  previous: null,
  text: { locale, ...TEXTS[locale] },
  duties: [
    {
      obligation: 11n as ObligationId,
      unitName: "石桥木业",
      post: "principal",
      deputy: false,
      state: "open",
      generation: 1,
      dueAt: DUE,
      answer: null,
    },
  ],
  released: false,
  ...parts,
});

const answered = (locale: Locale, late: boolean): Partial<NoticeView> => {
  const at = new Date(late ? DUE.getTime() + 7_200_000 : NOW.getTime() - 30_000);
  const duty = notice(locale).duties[0];
  if (!duty) throw new Error("no duty");
  return { duties: [{ ...duty, state: "fulfilled", answer: { by: "me", how: "tap", at, late } }] };
};

const card = (locale: Locale, parts: Partial<DeliveryView>): Card =>
  talk.card(screenOf(view(locale, parts), NOW), locale);

/** Cards as the service draws them, in every shape that a chat shows. */
export const cards = {
  notice: (locale: Locale, parts?: Partial<NoticeView>): Card => card(locale, { notice: notice(locale, parts) }),
  foreignNotice: (locale: Locale): Card =>
    card(locale, { notice: notice(locale === "en" ? "zh-CN" : "en", { urgency: "flash" }) }),
  done: (locale: Locale): Card => card(locale, { notice: notice(locale, answered(locale, false)) }),
  late: (locale: Locale): Card => card(locale, { notice: notice(locale, answered(locale, true)) }),
  overdue: (locale: Locale): Card =>
    card(locale, { notice: notice(locale, { urgency: "urgent", dueAt: new Date(NOW.getTime() - 86_400_000) }) }),
  evidence: (locale: Locale): Card => card(locale, { notice: notice(locale, { ack: "evidence", urgency: "routine" }) }),
  proxy: (locale: Locale): Card =>
    card(locale, {
      kind: "proxy",
      proxy: {
        total: 3,
        next: 2,
        items: ["松坪化工", "河湾酒店", "清溪中学"].map((unitName, at) => ({
          obligation: BigInt(20 + at) as ObligationId,
          generation: 1,
          unitName,
          number: "青安委办〔2026〕17号",
          title: TEXTS[locale].title,
          dueAt: DUE,
          state: at === 2 ? "fulfilled" : "open",
        })),
      },
    }),
  todo: (locale: Locale): Card =>
    card(locale, {
      kind: "todo",
      todo: (["undertake", "read", "evidence"] as const).map((ack, at) => ({
        delivery: BigInt(30 + at) as DeliveryId,
        round: 1,
        page: 0,
        number: `青安委办〔2026〕${17 + at}号`,
        title: TEXTS[locale].title,
        ack,
        fresh: false,
        batch: true,
        dueAt: DUE,
        units: ["石桥木业"],
      })),
    }),
  empty: (locale: Locale): Card => card(locale, { kind: "todo" }),
  help: (locale: Locale): Card => card(locale, { kind: "reply" }),
};
