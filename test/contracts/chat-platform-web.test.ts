import { openDatabase } from "../../src/database/open-database.ts";
import type { Action } from "../../src/dialogue/action.ts";
import { cardButtons, cardWords } from "../../src/dialogue/card-words.ts";
import type { Card } from "../../src/dialogue/screen.ts";
import type { ChatMessage } from "../../src/ports/store/chat-store.ts";
import { chatWorld } from "../platforms/web/chat-world.ts";
import { freshPostgres } from "../setup/database.ts";
import { testLog } from "../setup/log.ts";
import { chatPlatformContract, type PlatformWorld, type ShownMessage } from "./chat-platform.ts";

/** The web chat on a real database behind a real server, and people with browsers. */
const openWeb = async (): Promise<PlatformWorld> => {
  const { url, drop } = await freshPostgres();
  const database = await openDatabase({ url, dataDir: "", log: testLog(), onDeath: () => {} });
  const world = await chatWorld(database.pool, { server: { rates: { normal: 10_000, tight: 10_000 } } });
  const cookies = new Map<string, string>();
  let last: (() => Promise<boolean>) | null = null;
  let serial = 0;

  const cards = async (chat: string): Promise<readonly (ChatMessage & { readonly card: Card })[]> =>
    (await world.chats.history(chat, 100)).flatMap((message) =>
      message.body.side === "ours" ? [{ ...message, card: message.body.card }] : [],
    );
  const post = (chat: string, path: string, fields: Record<string, string>): Promise<boolean> => {
    const headers = { cookie: cookies.get(chat) ?? "", accept: "application/json" };
    last = async () => (await world.post(path, fields, headers)).ok;
    return last();
  };
  const press = (chat: string, ref: string, code: string) =>
    post(chat, "/chat/press", { ref, code, nonce: `n${++serial}` });
  return {
    platform: world.platform,
    reader: async () => {
      const { chat, cookie } = await world.enter(await world.person({ name: `周建国${++serial}`, unit: "石桥木业" }));
      cookies.set(chat, cookie);
      return { platform: "web", chat };
    },
    nobody: async () => ({ platform: "web", chat: crypto.randomUUID() }),
    shows: async ({ chat }): Promise<readonly ShownMessage[]> =>
      (await cards(chat)).map(({ ref, card }) => ({
        ref,
        words: cardWords(card),
        buttons: cardButtons(card).map(({ label }) => label),
      })),
    press: async (reader, ref, label) => {
      const message = (await cards(reader.chat)).find((one) => one.ref === ref);
      const button = message && cardButtons(message.card).find((one) => one.label === label);
      if (!button) throw new Error(`there is no button ${label}`);
      return press(reader.chat, ref, world.keys.buttonCode(button.action, reader));
    },
    forge: ({ chat }, ref, code) => press(chat, ref, code),
    write: ({ chat }, text) => post(chat, "/chat/say", { text, nonce: `n${++serial}` }),
    again: () => {
      if (!last) throw new Error("nothing was done yet");
      return last();
    },
    code: (action: Action, address) => world.keys.buttonCode(action, address),
    close: async () => {
      await world.close();
      await database.close();
      await drop();
    },
  };
};

chatPlatformContract("The web chat", openWeb);
