import { expect } from "vitest";
import type { Address } from "../../src/domain/address.ts";
import { WEBHOOK_PATH } from "../../src/platforms/telegram/webhook.ts";
import { SECRET, telegramWorld } from "../platforms/telegram/world.ts";
import type { Person } from "../telegram-server/people.ts";
import type { Update } from "../telegram-server/updates.ts";
import type { PlatformWorld } from "./chat-platform.ts";
import { chatPlatformContract } from "./chat-platform.ts";

const open = async (): Promise<PlatformWorld> => {
  const world = await telegramWorld({ server: { pace: null, flood: { all: 1_000, chat: 100 } } });
  const { server, platform, ears, keys } = world;
  const people = new Map<string, Person>();
  let last: Update | null = null;

  const tell = async (update: Update): Promise<boolean> => {
    last = update;
    const headers = { "content-type": "application/json", "x-telegram-bot-api-secret-token": SECRET };
    const answer = await fetch(ears.url + WEBHOOK_PATH, { method: "POST", headers, body: JSON.stringify(update) });
    return answer.ok;
  };
  const who = ({ chat }: Address): Person => {
    const person = people.get(chat);
    if (!person) throw new Error(`nobody sits before ${chat}`);
    return person;
  };
  return {
    platform,
    reader: async () => {
      const person = server.person();
      people.set(String(person.id), person);
      return { platform: "telegram", chat: String(person.id) };
    },
    nobody: async () => ({ platform: "telegram", chat: String(server.person({ started: false }).id) }),
    shows: async (reader) =>
      who(reader)
        .shows()
        .map(({ id, text, rows }) => ({
          ref: String(id),
          words: text,
          buttons: rows.flat().map(({ text: label }) => label),
        })),
    press: (reader, ref, label) => tell(who(reader).taps(label, Number(ref))),
    forge: (reader, ref, code) => tell(who(reader).forges(code, Number(ref))),
    write: (reader, text) => tell(who(reader).says(text)),
    again: () => {
      if (!last) throw new Error("nothing was done yet");
      return tell(last);
    },
    code: keys.buttonCode,
    close: async () => {
      await world.close();
      expect(server.violations).toEqual([]);
    },
  };
};

chatPlatformContract("Telegram", open);
