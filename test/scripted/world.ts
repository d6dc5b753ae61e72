import { openKeys } from "../../src/keys/keys.ts";
import type { PlatformWorld } from "../contracts/chat-platform.ts";
import { rootKey } from "../keys/root-key.ts";
import type { Habits } from "./habits.ts";
import type { PlatformEvent } from "./scripted-server.ts";
import { mount } from "./serve.ts";

/** A scripted platform and the people before it. */
export const scriptedWorld = async ({ server, platform: make }: Habits): Promise<PlatformWorld> => {
  const keys = openKeys(rootKey(1));
  const there = await server();
  const platform = make(there.url, keys);
  const ears = await mount(platform.routes);
  let last: PlatformEvent | null = null;

  const tell = async (event: PlatformEvent): Promise<boolean> => {
    last = event;
    const { path, ...init } = there.request(event);
    return (await fetch(ears.url + path, { method: "POST", ...init })).ok;
  };
  return {
    platform,
    reader: async () => {
      const chat = there.newChat();
      there.chats.open(chat);
      return { platform: platform.name, chat };
    },
    nobody: async () => ({ platform: platform.name, chat: there.newChat() }),
    shows: async ({ chat }) =>
      there.chats
        .shows(chat)
        .map(({ id, text, buttons }) => ({ ref: id, words: text, buttons: buttons.map(({ label }) => label) })),
    press: async ({ chat }, ref, label) => {
      const found = there.chats.find(chat, ref)?.buttons.find((button) => button.label === label);
      if (!found) throw new Error(`there is no button ${label}`);
      return tell(there.tap(chat, ref, found.data));
    },
    forge: ({ chat }, ref, code) => tell(there.tap(chat, ref, code)),
    write: ({ chat }, text) => tell(there.say(chat, text)),
    again: () => {
      if (!last) throw new Error("nothing was done yet");
      return tell(last);
    },
    code: keys.buttonCode,
    close: async () => {
      await ears.close();
      await there.close();
      if (there.chats.violations.length > 0) throw new Error(there.chats.violations.join("\n"));
    },
  };
};
