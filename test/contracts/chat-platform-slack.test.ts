import { expect } from "vitest";
import type { Address } from "../../src/domain/address.ts";
import { slackWorld } from "../platforms/slack/world.ts";
import type { Sent } from "../slack-server/inbound.ts";
import type { Person } from "../slack-server/people.ts";
import { chatPlatformContract, type PlatformWorld } from "./chat-platform.ts";

const tsOf = (ref: string): string => ref.split("/")[1] ?? "";

/** With what people do posted to the webhook, or over sockets; each brought by hand, and once. */
const open = (how: "posts" | "sockets") => async (): Promise<PlatformWorld> => {
  const limits = { all: 1_000, channel: 100, scale: 100 };
  const world = await slackWorld({ sockets: how === "sockets", server: { limits } });
  const { server, platform, keys } = world;
  const people = new Map<string, Person>();
  let last: Sent | null = null;
  let ready = false;
  server.inbound.hold();

  /** The adapter asks whose token it has, and opens its sockets, once it has started. */
  const listening = async (): Promise<void> => {
    const asked = () => server.calls.some(({ method }) => method === "auth.test");
    if (!ready) await expect.poll(() => asked() && (how === "posts" || server.inbound.isOpen())).toBe(true);
    ready = true;
  };
  const told = async (sent: Sent): Promise<boolean> => {
    last = sent;
    await listening();
    return how === "posts" ? (await world.post(world.sign(sent))).ok : (await server.inbound.once(sent)).ok;
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
      people.set(person.id, person);
      return { platform: "slack", chat: person.id };
    },
    nobody: async () => ({ platform: "slack", chat: "U0NOBODY" }),
    shows: async (reader) =>
      who(reader)
        .shows()
        .map(({ channel, ts, text, buttons }) => ({
          ref: `${channel}/${ts}`,
          words: text,
          buttons: buttons.map(({ text: label }) => label),
        })),
    press: (reader, ref, label) => told(who(reader).presses(label, tsOf(ref))),
    forge: (reader, ref, code) => told(who(reader).forges(code, tsOf(ref))),
    write: (reader, text) => told(who(reader).says(text)),
    again: () => {
      if (!last) throw new Error("nothing was done yet");
      return told(last);
    },
    code: keys.buttonCode,
    close: async () => {
      await world.close();
      expect(server.violations).toEqual([]);
    },
  };
};

chatPlatformContract("Slack, posting to us", open("posts"));
chatPlatformContract("Slack, over sockets", open("sockets"));
