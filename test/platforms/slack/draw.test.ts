import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markOf } from "../../../src/dialogue/form/mark.ts";
import { type Card, screen } from "../../../src/dialogue/screen.ts";
import type { Block } from "../../../src/domain/content.ts";
import type { DeliveryId, DraftId } from "../../../src/domain/ids.ts";
import { drawMessage } from "../../../src/platforms/slack/draw.ts";
import { textWindow } from "../../../src/platforms/slack/windows.ts";
import { anyBlocks } from "../../dialogue/any-blocks.ts";
import { messageFaults, viewFaults, wordsIn } from "../../slack-server/block-kit.ts";
import { shown } from "../../slack-server/state.ts";

const WORDS = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.constantFrom(
    "<!channel>",
    "<@U012AB3CD>",
    "*a*",
    "_b_",
    "~c~",
    "`d`",
    ":fire:",
    "&lt;",
    "👩‍🚒",
    "字".repeat(500),
    " ",
  ),
);
const blocks = anyBlocks({
  words: WORDS,
  styles: ["strong", "emphasis", "deleted", "inserted"],
  hrefs: ["https://example.org/?a=1&b=2", "javascript:alert(1)"],
});

const card = (parts: Partial<Card>): Card => ({
  ...(screen({ fallback: { key: "todo.empty", values: {} } }) as unknown as Card),
  ...{ fallback: "x", locale: "zh-CN" },
  ...parts,
});
const parts = { code: () => "x".repeat(32), say: (words: { key: string }) => words.key };
const read = (drawn: NonNullable<ReturnType<typeof drawMessage>>) =>
  shown({ channel: "D1", ts: "1.1" }, drawn.text, drawn.blocks as never);

describe("a card as a message of Slack's", () => {
  it("keeps every limit, mentions nobody, and reads as it was written, whatever stands in it", () => {
    fc.assert(
      fc.property(blocks, WORDS, WORDS, fc.array(WORDS, { maxLength: 4 }), (text, title, line, items) => {
        const drawn = drawMessage(
          card({
            content: { short: text, rest: null, open: null },
            title: { text: title, locale: "en" },
            standing: { words: line, tone: "done" },
            lines: [line],
            fallback: title.trim() === "" ? "x" : title,
            items: items.map((item) => ({
              ...{ title: item, detail: line },
              button: { label: `✅ ${item}`, action: { do: "todo" }, primary: true, asks: null },
            })),
          }),
          parts,
        );
        if (!drawn) return;
        expect(messageFaults(drawn.blocks)).toEqual([]);
        expect(wordsIn(drawn.blocks)).toBeLessThanOrEqual(13_200);
        expect(drawn.text).not.toMatch(/<[!@#]/);
        // Nothing is read as mrkdwn but the text of the notification.
        expect(JSON.stringify(drawn.blocks)).not.toContain('"mrkdwn"');
        if (line.trim() !== "") expect(read(drawn).text).toContain(line.trim());
      }),
      { numRuns: 200 },
    );
  });

  it("opens a form in a window where more than one question is asked, and leaves a way out", () => {
    const answer = (mark: number, label: string) => ({
      ...{ label, primary: false, asks: null },
      action: { do: "answer", draft: 7n as DraftId, mark } as const,
    });
    const buttons = [answer(1, "中文"), answer(2, "English"), answer(markOf({ kind: "cancel" }), "取消")];
    const labels = (form: DraftId | null) => {
      const drawn = drawMessage(card({ lines: ["请选语言"], buttons, form }), parts);
      return drawn && read(drawn).buttons.map(({ text, actionId }) => [text, actionId]);
    };
    expect(labels(7n as DraftId)).toEqual([
      ["slack.form.open", "open-form-0"],
      ["取消", "press-1"],
    ]);
    expect(labels(null)?.map(([text]) => text)).toEqual(["中文", "English", "取消"]);
  });

  it("shows a long text whole in a window", () => {
    const rest: readonly Block[] = Array.from({ length: 60 }, (_, at) => ({
      kind: "paragraph",
      children: [{ kind: "text", text: `${at}：${"安全第一，预防为主。".repeat(20)}` }],
    }));
    const open = { delivery: 5n as DeliveryId, page: 0 };
    const whole = card({ title: { text: "通知", locale: "zh-CN" }, content: { short: rest.slice(0, 1), rest, open } });
    const drawn = drawMessage(whole, parts);
    expect(drawn && read(drawn).buttons.map(({ text }) => text)).toEqual(["slack.read-all"]);
    const view = textWindow(whole, parts.say as never);
    expect(viewFaults(view, "modal")).toEqual([]);
    const text = shown({ channel: "D1", ts: "1.1" }, "", view.blocks as never).text;
    for (let at = 0; at < 60; at++) expect(text).toContain(`${at}：`);
  });
});
