import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Action } from "../../src/dialogue/action.ts";
import type { Button, Card } from "../../src/dialogue/screen.ts";
import type { Address } from "../../src/domain/address.ts";
import type { DeliveryId } from "../../src/domain/ids.ts";
import type { ChatPlatform, Incoming } from "../../src/ports/chat-platform.ts";

export interface ShownMessage {
  readonly ref: string;
  readonly words: string;
  readonly buttons: readonly string[];
}

/** A platform, and the people who sit before it. */
export interface PlatformWorld {
  readonly platform: ChatPlatform;
  /** Somebody who reads. */
  reader(): Promise<Address>;
  /** An address that is well formed and leads nowhere. */
  nobody(): Promise<Address>;
  /** What stands in this chat, the oldest first. */
  shows(reader: Address): Promise<readonly ShownMessage[]>;
  /** Presses a button; true when the platform was told that we have it. `again` does what was done last once more. */
  press(reader: Address, ref: string, label: string): Promise<boolean>;
  /** A press with data that stands behind no button of this reader's. */
  forge(reader: Address, ref: string, code: string): Promise<boolean>;
  write(reader: Address, text: string): Promise<boolean>;
  again(): Promise<boolean>;
  /** The data behind a button, drawn for this address. */
  code(action: Action, address: Address): string;
  close(): Promise<void>;
}

const MINUTE = 60_000;

const button = (label: string, action: Action, primary = false): Button<string> => ({
  ...{ label, action, primary },
  asks: null,
});
const acknowledge = (round: number): Action => ({ do: "acknowledge", delivery: 7n as DeliveryId, round });

const card = (parts: Partial<Card> = {}): Card => ({
  standing: null,
  urgency: { words: "加急", weight: "outline" },
  number: "某安委办〔2026〕17号",
  title: { text: "汛期安全检查", locale: "zh-CN" },
  lead: null,
  content: {
    short: [{ kind: "paragraph", children: [{ kind: "text", text: "请您今天查一遍消防通道。" }] }],
    rest: null,
    open: null,
  },
  lines: ["某县应急管理局 发布"],
  items: [],
  due: { words: "今天 17:30 前", late: false },
  notes: ["因为您是 石桥木业 的负责人"],
  buttons: [button("✅ 我已知晓", acknowledge(1), true)],
  form: null,
  fallback: "17号 汛期安全检查",
  locale: "zh-CN",
  ...parts,
});

/** What every chat platform does, seen from inside and by the people before it. */
export const chatPlatformContract = (name: string, open: () => Promise<PlatformWorld>): void => {
  describe(`${name}, as a chat platform`, () => {
    let world: PlatformWorld;
    let platform: ChatPlatform;
    let to: Address;
    let received: Incoming[];
    let serial = 0;
    let broken = false;

    beforeAll(async () => {
      world = await open();
      platform = world.platform;
    });
    afterAll(() => world.close());
    beforeEach(async () => {
      received = [];
      broken = false;
      to = await world.reader();
      await platform.start(async (incoming) => {
        if (broken) throw new Error("it cannot be stored");
        received.push(incoming);
      });
    });

    const options = (key = String(++serial)) =>
      ({ lane: "bulk", deadline: new Date(Date.now() + 10_000), key }) as const;
    const send = async (what = card(), whom = to) => {
      const outcome = await platform.send(whom, what, options());
      if (outcome.kind !== "sent") throw new Error(`not sent: ${JSON.stringify(outcome)}`);
      return outcome.ref;
    };
    const redraw = (ref: string, what: Card) => platform.redraw(to, ref, what, options());
    const shown = async () => {
      const all = await world.shows(to);
      return all.at(-1) as ShownMessage;
    };

    it("says what it can do in numbers that hold a button of ours", () => {
      const { text, buttons, buttonBytes, concurrency, perSecond } = platform.limits;
      expect(buttonBytes).toBeGreaterThanOrEqual(32);
      expect(Math.min(text, buttons, concurrency, perSecond ?? 1)).toBeGreaterThan(0);
    });

    it("shows everything that a card says, in its order, and its buttons", async () => {
      const ref = await send();
      const found = await shown();
      expect(found.ref).toBe(ref);
      expect(found.buttons).toEqual(["✅ 我已知晓"]);
      const parts = ["加急", "〔2026〕17号", "汛期安全检查", "请您今天查一遍消防通道。", "某县应急管理局", "17:30"];
      for (const part of parts) expect(found.words).toContain(part);
      expect(found.words.indexOf("汛期安全检查")).toBeLessThan(found.words.indexOf("请您今天查一遍消防通道。"));
    });

    it("shows items with their buttons", async () => {
      const item = { title: "石桥木业 · 17号", detail: "今天 17:30 前", button: button("代为确认", acknowledge(3)) };
      await send(card({ items: [item], buttons: [] }));
      expect((await shown()).words).toContain("石桥木业 · 17号");
      expect((await shown()).buttons).toEqual(["代为确认"]);
    });

    it("shows words as they were written, whatever they look like", async () => {
      const words = "<b>1 & 2</b> &amp; *x* _y_ `z` [a](b) \\ 𠮷野家 👩‍🚒 ~q~ > r";
      await send(card({ lines: [words] }));
      expect((await shown()).words).toContain(words);
    });

    it("keeps messages of one chat apart, and in the order of their sending", async () => {
      const refs = [];
      for (const line of ["一", "二", "三"]) refs.push(await send(card({ lines: [line] })));
      const found = await world.shows(to);
      expect(found.map(({ ref }) => ref)).toEqual(refs);
      expect(new Set(refs).size).toBe(3);
    });

    it("takes as many at once as it says", async () => {
      const readers = [];
      for (let n = 0; n < Math.min(platform.limits.concurrency, 30); n++) readers.push(await world.reader());
      await Promise.all(readers.map((reader) => send(card(), reader)));
      for (const reader of readers) expect(await world.shows(reader)).toHaveLength(1);
    });

    it("sends once what is sent twice under one key, where it says so", async () => {
      const key = String(++serial);
      const first = await platform.send(to, card(), options(key));
      const second = await platform.send(to, card(), options(key));
      expect([first.kind, second.kind]).toEqual(["sent", "sent"]);
      expect(await world.shows(to)).toHaveLength(platform.limits.idempotent ? 1 : 2);
      if (platform.limits.idempotent) expect(second).toEqual(first);
    });

    it("draws a message again in its place", async () => {
      const ref = await send();
      await send(card({ lines: ["之后"] }));
      const done = card({ standing: { words: "✅ 周建国 10:05 已认领", tone: "done" }, buttons: [] });
      expect(await redraw(ref, done)).toEqual({ kind: "sent", ref });
      const [first, second] = await world.shows(to);
      expect([first?.ref, first?.buttons]).toEqual([ref, []]);
      expect(first?.words).toContain("✅ 周建国 10:05 已认领");
      expect(second?.words).toContain("之后");
    });

    it("calls a card that is already so sent", async () => {
      const ref = await send();
      expect(await redraw(ref, card())).toEqual({ kind: "sent", ref });
      expect(await redraw(ref, card())).toEqual({ kind: "sent", ref });
      expect(await world.shows(to)).toHaveLength(1);
    });

    it("says that nobody is there", async () => {
      const nobody = await world.nobody();
      expect(await platform.send(nobody, card(), options())).toMatchObject({ kind: "gone" });
      expect(await platform.redraw(nobody, "1", card(), options())).toMatchObject({
        kind: expect.stringMatching(/^(gone|refused)$/),
      });
    });

    it("refuses to draw a message again that never was", async () => {
      expect(await redraw("987654321", card())).toMatchObject({ kind: expect.stringMatching(/^(gone|refused)$/) });
    });

    it("refuses more than its limits, and shows nothing of it", async () => {
      const { text, buttons } = platform.limits;
      const long = card({ lines: ["长".repeat(text + 1)] });
      const many = card({
        buttons: Array.from({ length: buttons + 1 }, (_, n) => button(`按钮 ${n}`, acknowledge(n))),
      });
      expect(await platform.send(to, long, options())).toMatchObject({ kind: "refused" });
      expect(await platform.send(to, many, options())).toMatchObject({ kind: "refused" });
      expect(await world.shows(to)).toEqual([]);
      const ref = await send();
      expect(await redraw(ref, long)).toMatchObject({ kind: "refused" });
    });

    it("hands over a press: who, what, and on which message", async () => {
      const ref = await send();
      expect(await world.press(to, ref, "✅ 我已知晓")).toBe(true);
      expect(received).toEqual([
        expect.objectContaining({
          from: to,
          what: { kind: "press", action: acknowledge(1), text: null, ref: expect.toBeOneOf([ref, null]) },
        }),
      ]);
      expect(received[0]?.id).toBeTruthy();
    });

    it("gives one event one id, however often it comes, and another event another", async () => {
      const ref = await send();
      await world.press(to, ref, "✅ 我已知晓");
      await world.again();
      await world.press(to, ref, "✅ 我已知晓");
      const [first, repeated, second] = received.map(({ id }) => id);
      expect(repeated).toBe(first);
      expect(second).not.toBe(first);
    });

    it("knows whose button it is: a copied or invented one is stale", async () => {
      const other = await world.reader();
      const ref = await send();
      await world.forge(to, ref, world.code(acknowledge(1), other));
      await world.forge(to, ref, "nonsense");
      await world.forge(to, ref, "A".repeat(32));
      expect(received.map(({ what, from }) => [what, from])).toEqual(Array(3).fill([{ kind: "stale-press" }, to]));
    });

    it("hands over what people write, as they wrote it", async () => {
      expect(await world.write(to, "出口堵了 <b>&amp; 🚒")).toBe(true);
      expect(received.map(({ what }) => what)).toEqual([{ kind: "text", text: "出口堵了 <b>&amp; 🚒" }]);
    });

    it("tells the platform that we have an event only when we do, and takes it when it comes again", async () => {
      broken = true;
      expect(await world.write(to, "在吗")).toBe(false);
      broken = false;
      expect(await world.again()).toBe(true);
      expect(received.map(({ what }) => what)).toEqual([{ kind: "text", text: "在吗" }]);
    });

    it("finishes what it has handed over before it stops, then takes no more, and still sends", async () => {
      let finish: (() => void) | null = null;
      let finished = false;
      await platform.start(async () => {
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        finished = true;
      });
      const writing = world.write(to, "最后一句");
      await expect.poll(() => finish).not.toBeNull();
      const stopping = platform.stop();
      setTimeout(() => finish?.(), 100);
      await stopping;
      expect(finished).toBe(true);
      expect(await writing).toBe(true);
      expect(await world.write(to, "还有一句")).toBe(false);
      await send();
      expect(await world.shows(to)).not.toHaveLength(0);
    });

    it("answers by the deadline, whatever happens", async () => {
      const deadline = new Date(Date.now() - MINUTE);
      const asked = Date.now();
      const outcome = await platform.send(to, card(), { ...options(), deadline });
      expect(["sent", "in-doubt", "later"]).toContain(outcome.kind);
      expect(Date.now() - asked).toBeLessThan(1_000);
    });
  });
};
