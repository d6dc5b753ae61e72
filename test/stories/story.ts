import { rmSync } from "node:fs";
import { expect, it } from "vitest";
import { readConfig } from "../../src/config.ts";
import { cardButtons } from "../../src/dialogue/card-words.ts";
import type { Locale } from "../../src/domain/language.ts";
import { readLine } from "../../src/platforms/terminal/read-line.ts";
import { gist } from "../../src/record-talk.ts";
import { openTalk, type Talk } from "../../src/talk.ts";
import { freshEmbedded } from "../setup/database.ts";
import { testLog } from "../setup/log.ts";

const SOON = { timeout: 10_000, interval: 50 };

/** The people of a recorded talk: they press what they see, write, and see what was seen. */
const people = (talk: Talk, shown: Map<string, string[]>) => {
  let seat = "principal";
  const acting = async (act: () => Promise<boolean>): Promise<void> => {
    shown.set(seat, []);
    expect(await act()).toBe(true);
    await talk.settle();
  };
  const writes = (line: string) =>
    acting(() => {
      const meant = readLine(line, new Map());
      if (meant?.kind !== "act") throw new Error(`${line} is nothing that one writes`);
      return talk.platform.act(seat, meant.what);
    });
  return {
    is: async (next: string) => {
      seat = next;
    },
    writes,
    /** The newcomer's code, which is another each time. */
    brings: () => writes(talk.code),
    presses: (label: string, text: string | null = null) =>
      acting(() => {
        const all = talk.platform.shows(seat);
        const seen = all.flatMap(({ ref, card }) => cardButtons(card).map((button) => ({ ref, ...button })));
        const button = seen.findLast((each) => each.label === label);
        if (!button) throw new Error(`${seat} sees no ${label}, but ${seen.map((each) => each.label).join(", ")}`);
        return talk.platform.press(seat, button.ref, button.action, text);
      }),
    sees: (...gists: readonly string[]) =>
      expect.poll(() => shown.get(seat) ?? [], SOON).toEqual(expect.arrayContaining([...gists])),
  };
};

type People = ReturnType<typeof people>;

/** A talk that was recorded with `npm run talk -- --record FILE`, played again on the whole service. */
export const story = (title: string, locale: Locale, play: (talk: People) => Promise<void>): void =>
  it(title, { timeout: 90_000 }, async () => {
    const fresh = await freshEmbedded();
    await fresh.database.close();
    const { dataDir } = fresh;
    const shown = new Map<string, string[]>();
    const config = { ...readConfig({ PUSH_HOURS: "always" }), dataDir, locale };
    const talk = await openTalk(config, testLog(), (chat, { card }) => {
      shown.set(chat, [...(shown.get(chat) ?? []), gist(card)]);
    });
    try {
      await talk.settle();
      await play(people(talk, shown));
    } finally {
      await talk.close();
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    }
  });
