import { randomUUID } from "node:crypto";
import { cardButtons, cardWords } from "../../src/dialogue/card-words.ts";
import { openKeys } from "../../src/keys/keys.ts";
import { readLine } from "../../src/platforms/terminal/read-line.ts";
import { terminalPlatform } from "../../src/platforms/terminal/terminal.ts";
import { rootKey } from "../keys/root-key.ts";
import { chatPlatformContract, type PlatformWorld } from "./chat-platform.ts";

const openTerminal = async (): Promise<PlatformWorld> => {
  const keys = openKeys(rootKey(1));
  const platform = terminalPlatform({ onShow: () => {}, real: () => new Date(), newId: randomUUID });
  let last: (() => Promise<boolean>) | null = null;
  const act = (doing: (id: string) => Promise<boolean>): Promise<boolean> => {
    const id = randomUUID();
    last = () => doing(id);
    return last();
  };
  return {
    platform,
    reader: async () => {
      const chat = randomUUID();
      platform.open(chat);
      return { platform: "terminal", chat };
    },
    nobody: async () => ({ platform: "terminal", chat: randomUUID() }),
    shows: async ({ chat }) =>
      platform.shows(chat).map(({ ref, card }) => ({
        ref,
        words: cardWords(card),
        buttons: cardButtons(card).map(({ label }) => label),
      })),
    press: async ({ chat }, ref, label) => {
      const message = platform.shows(chat).find((one) => one.ref === ref);
      const button = message && cardButtons(message.card).find((one) => one.label === label);
      if (!button) throw new Error(`there is no button ${label}`);
      return act((id) => platform.press(chat, ref, button.action, null, id));
    },
    // Buttons of a terminal are numbers, which stand for nobody else's: a code comes from another platform's card.
    forge: (reader, ref, code) => {
      const action = keys.readButton(code, reader);
      return act((id) =>
        action
          ? platform.press(reader.chat, ref, action, null, id)
          : platform.act(reader.chat, { kind: "stale-press" }, id),
      );
    },
    write: ({ chat }, text) =>
      act((id) => {
        const meant = readLine(text, new Map());
        return meant?.kind === "act" ? platform.act(chat, meant.what, id) : Promise.resolve(false);
      }),
    again: () => last?.() ?? Promise.resolve(false),
    code: (action, address) => keys.buttonCode(action, address),
    close: () => platform.stop(),
  };
};

chatPlatformContract("The terminal", openTerminal);
