import type { DeliveryView, DutyView, NoticeView, ProxyView, TodoView } from "../../src/dialogue/view.ts";
import type { Block, Inline } from "../../src/domain/content.ts";
import type { DeliveryId, ObligationId } from "../../src/domain/ids.ts";
import type { Locale } from "../../src/domain/language.ts";

/** 10:00 on a Friday in Shanghai. */
export const NOW = new Date("2026-09-18T02:00:00Z");
const HOUR = 3_600_000;
export const hence = (hours: number): Date => new Date(NOW.getTime() + hours * HOUR);

const text = (words: string): Inline => ({ kind: "text", text: words });

/** What a notice says, as short as its author should be, and as long as they may be. */
export const CONTENTS: Readonly<Record<Locale, Readonly<Record<"short" | "long", readonly Block[]>>>> = {
  "zh-CN": {
    short: [
      { kind: "paragraph", children: [text("请您节前做三件事：")] },
      {
        kind: "list",
        ordered: false,
        items: [[text("查一遍消防通道和配电箱")], [text("定好节日值班人")], [text("停用的报警器先修再开工")]],
      },
    ],
    long: [
      { kind: "paragraph", children: [text("国庆节期间人多车多，请您把每一处通道、配电箱、仓库都走一遍，".repeat(6))] },
      { kind: "list", ordered: true, items: [[text("查")], [text("定")], [text("修")], [text("报")]] },
      { kind: "paragraph", children: [text("有困难，请打电话。")] },
    ],
  },
  en: {
    short: [
      { kind: "paragraph", children: [text("Three things before the holiday:")] },
      {
        kind: "list",
        ordered: false,
        items: [
          [text("Walk the fire exits and fuse boxes")],
          [text("Name who is on duty")],
          [text("Mend alarms first")],
        ],
      },
    ],
    long: [
      {
        kind: "paragraph",
        children: [text("Roads and shops are full over the holiday, so walk every exit. ".repeat(8))],
      },
      { kind: "list", ordered: true, items: [[text("Walk")], [text("Name")], [text("Mend")], [text("Call")]] },
      { kind: "paragraph", children: [text("Ring us if that is hard.")] },
    ],
  },
};

export const TITLES: Readonly<Record<Locale, Readonly<Record<"short" | "long", string>>>> = {
  "zh-CN": { short: "国庆节前安全防范", long: "关于进一步做好国庆节期间危险化学品企业安全防范和应急值守工作的通知" },
  en: {
    short: "Safe through the holiday",
    long: "On safety precautions and emergency duty at chemical plants over October",
  },
};

export const duty = (parts: Partial<DutyView> = {}): DutyView => ({
  obligation: 5n as ObligationId,
  unitName: "石桥木业",
  post: "principal",
  deputy: false,
  state: "open",
  generation: 1,
  dueAt: hence(7.5),
  answer: null,
  ...parts,
});

export const notice = (locale: Locale, parts: Partial<NoticeView> = {}): NoticeView => ({
  number: "青安委办〔2026〕17号",
  urgency: "priority",
  ack: "undertake",
  closing: { kind: "each-unit" },
  state: "published",
  issuerName: locale === "en" ? "Qinghe Safety Office" : "青禾县安委办",
  dueAt: hence(7.5),
  dueProvisional: false,
  seconds: 30,
  text: { locale, title: TITLES[locale].short, content: CONTENTS[locale].short },
  duties: [duty(locale === "en" ? { unitName: "Shiqiao Timber" } : {})],
  recallReason: null,
  successor: null,
  previous: null,
  released: false,
  ...parts,
});

export const delivery = (locale: Locale, parts: Partial<DeliveryView> = {}): DeliveryView => ({
  id: 3n as DeliveryId,
  kind: "notice",
  round: 1,
  page: 0,
  repeat: false,
  sentAt: hence(-1),
  reader: { name: locale === "en" ? "Zhou Jianguo" : "周建国", locale },
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

export const todo = (locale: Locale, parts: Partial<TodoView> = {}): TodoView => ({
  delivery: 3n as DeliveryId,
  round: 1,
  number: "青安委办〔2026〕17号",
  title: TITLES[locale].short,
  ack: "undertake",
  dueAt: hence(7.5),
  units: ["石桥木业"],
  fresh: false,
  batch: true,
  ...parts,
});

export const owed = (locale: Locale, parts: Partial<ProxyView> = {}): ProxyView => ({
  obligation: 5n as ObligationId,
  generation: 1,
  unitName: locale === "en" ? "Shiqiao Timber" : "石桥木业",
  number: "青安委办〔2026〕17号",
  title: TITLES[locale].short,
  dueAt: hence(7.5),
  state: "open",
  ...parts,
});
