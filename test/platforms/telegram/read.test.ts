import { readFileSync } from "node:fs";
import type { Update } from "telegraf/types";
import { afterEach, describe, expect, it } from "vitest";
import type { Action } from "../../../src/dialogue/action.ts";
import type { DeliveryId } from "../../../src/domain/ids.ts";
import { openKeys } from "../../../src/keys/keys.ts";
import { read } from "../../../src/platforms/telegram/read.ts";
import { WEBHOOK_PATH } from "../../../src/platforms/telegram/webhook.ts";
import type { Incoming } from "../../../src/ports/chat-platform.ts";
import { rootKey } from "../../keys/root-key.ts";
import { SECRET, type TelegramWorld, telegramWorld } from "./world.ts";

/** Updates as the Bot API brings them, by what they are. `CODE` stands where a button's data does. */
const UPDATES: Readonly<Record<string, Update>> = JSON.parse(
  readFileSync(new URL("updates.json", import.meta.url), "utf8"),
);
const keys = openKeys(rootKey(1));
const action: Action = { do: "acknowledge", delivery: 7n as DeliveryId, round: 1 };
const PRIVATE = { platform: "telegram", chat: "812345678" } as const;
const GROUP = { platform: "telegram", chat: "-1001987654321" } as const;

/** What an update is read as; `code` is the data of the button that is tapped. */
const readAs = (name: string, code = "CODE") =>
  read(JSON.parse(JSON.stringify(UPDATES[name]).replace("CODE", code)), { keys, bot: "chuanda_bot" });
const said = (name: string): Incoming["what"] | null => readAs(name)?.incoming.what ?? null;
const media = (item: object | null, text = "", album: string | null = null) => ({
  ...{ kind: "media", text, album },
  items: item ? [item] : [],
});
const file = (kind: string, id: string, more: object = {}) => ({
  ...{ kind, file: id, name: null, bytes: null, type: null },
  ...more,
});
const place = (latitude: number, longitude: number, name: string | null = null) => ({
  ...{ kind: "place", latitude, longitude, name },
});

const SAID: readonly (readonly [name: string, what: object | null])[] = [
  ["a word in private", { kind: "text", text: "谢谢" }],
  ["a start with a code", { kind: "command", name: "start", argument: "0123456789ABCDEF" }],
  ["a command to us in a group", { kind: "command", name: "todo", argument: "" }],
  ["a command to another bot in a group", null],
  ["talk in a topic of a group", null],
  ["a command by an anonymous administrator of a group", null],
  ["an edited word", null],
  ["a forwarded word", { kind: "text", text: "请查一遍消防通道" }],
  ["a photo with words below it", media(file("photo", "AgAD-y", { bytes: 151204, type: "image/jpeg" }), "出口清空了")],
  [
    "a picture of an album, without words",
    media(file("photo", "AgAD-2", { type: "image/jpeg" }), "", "13850123456789012"),
  ],
  [
    "a document",
    media(file("document", "BQAD-d", { name: "检查表 <最终>.pdf", bytes: 90211, type: "application/pdf" })),
  ],
  ["a moving picture, which calls itself a document too", media(file("video", "CgAD-a"))],
  ["a voice note", media(file("voice", "AwAD-v", { bytes: 9120, type: "audio/ogg" }))],
  ["a place", media(place(27.894504, 102.264449))],
  ["a place that has a name", media(place(27.89, 102.26, "西昌站"))],
  ["a sticker", media(null)],
  ["the chat's own doing: its messages vanish after a day", null],
  ["a group that has become a supergroup", null],
  ["somebody blocks the bot", { kind: "reach", reachable: false }],
  ["somebody takes the bot back", { kind: "reach", reachable: true }],
  ["the bot is put out of a group", { kind: "reach", reachable: false }],
  ["a reaction", null],
  ["a kind that nobody knows yet", null],
];

describe("an update of Telegram's", () => {
  it("is read as what it says", () => {
    for (const [name, what] of SAID) expect([name, said(name)]).toEqual([name, what]);
    const taps = Object.keys(UPDATES).filter((name) => name.startsWith("a tap"));
    expect([...SAID.map(([name]) => name), ...taps].sort()).toEqual(Object.keys(UPDATES).sort());
  });

  it("tells from whom it is, in a group too, and for the chat when it is about the chat", () => {
    expect(readAs("a word in private")?.incoming).toMatchObject({
      from: PRIVATE,
      language: "zh-hans",
      id: "834120001",
    });
    expect(readAs("a command to us in a group")?.incoming.from).toEqual(PRIVATE);
    expect(readAs("the bot is put out of a group")?.incoming.from).toEqual(GROUP);
  });

  it("is a tap where its code was drawn for the chat it came from, and else a tap on an old card", () => {
    const own = keys.buttonCode(action, PRIVATE);
    const press = { kind: "press", action, text: null };
    expect(readAs("a tap", own)).toMatchObject({
      query: "3489110422118402533",
      incoming: { from: PRIVATE, what: { ...press, ref: "400" } },
    });
    expect(readAs("a tap on a card that Telegram does not show us any more", own)?.incoming.what).toEqual({
      ...{ ...press, ref: "12" },
    });
    const group = readAs(
      "a tap in a topic of a group, on what was sent to somebody else",
      keys.buttonCode(action, GROUP),
    );
    expect(group?.incoming).toMatchObject({ from: PRIVATE, what: { ...press, ref: "401" } });
    for (const [name, code] of [
      ["a tap", keys.buttonCode(action, GROUP)],
      ["a tap", "anything"],
      ["a tap without data", own],
      ["a tap on something that was sent inline", own],
    ] as const)
      expect([name, readAs(name, code)]).toMatchObject([
        name,
        { query: expect.any(String), incoming: { from: PRIVATE, what: { kind: "stale-press" } } },
      ]);
  });
});

describe("what has another shape than the Bot API says", () => {
  let world: TelegramWorld;
  afterEach(() => world.close());
  const BROKEN = [
    { update_id: 1, message: null },
    { update_id: 2, callback_query: { id: "1", data: "x" } },
    { update_id: 3, my_chat_member: 7 },
    { update_id: 4, message: { from: { id: 5 } } },
  ];

  it("is told, without what it says, and holds up nothing that comes behind it", async () => {
    world = await telegramWorld({ server: { pace: null } });
    const received: Incoming[] = [];
    await world.platform.start(async (incoming) => void received.push(incoming));
    const post = async (update: object) => {
      const headers = { "content-type": "application/json", "x-telegram-bot-api-secret-token": SECRET };
      const body = JSON.stringify(update);
      return (await fetch(world.ears.url + WEBHOOK_PATH, { method: "POST", headers, body })).status;
    };
    for (const update of BROKEN) expect(await post(update)).toBe(200);
    expect(await post(UPDATES["a word in private"] as Update)).toBe(200);
    expect(received.map(({ id }) => id)).toEqual(["834120001"]);
    const told = world.log.entries.filter(({ event }) => event === "update-unreadable");
    expect(told.map(({ fields }) => fields.update)).toEqual([1, 2, 3, 4]);
  });

  it("does not stop the polling either", async () => {
    world = await telegramWorld({ polls: true });
    const received: Incoming[] = [];
    await world.platform.start(async (incoming) => void received.push(incoming));
    world.server.updates.push("message", { from: { id: 5 } }, "chat 5");
    const person = world.server.person();
    person.says("一");
    await expect.poll(() => received.length, { timeout: 10_000 }).toBe(1);
    expect(world.log.entries.filter(({ event }) => event === "update-unreadable")).toHaveLength(1);
  });
});
