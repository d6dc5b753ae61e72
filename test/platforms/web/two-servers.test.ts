import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openDatabase } from "../../../src/database/open-database.ts";
import { followers } from "../../../src/platforms/web/followers.ts";
import type { ChatStore } from "../../../src/ports/store/chat-store.ts";
import { freshPostgres } from "../../setup/database.ts";
import { testLog } from "../../setup/log.ts";
import { cards } from "./cards.ts";
import { type ChatWorld, chatWorld } from "./chat-world.ts";
import { listen } from "./sse.ts";

/** Two servers that share nothing but their PostgreSQL, as two processes do. */
let here: ChatWorld;
let there: ChatWorld;
const endings: (() => Promise<void>)[] = [];
beforeAll(async () => {
  const { url, drop } = await freshPostgres();
  const open = () => openDatabase({ url, dataDir: "", log: testLog(), onDeath: () => {} });
  const [one, two] = [await open(), await open()];
  here = await chatWorld(one.pool);
  there = await chatWorld(two.pool);
  endings.push(here.close, there.close, one.close, two.close, drop);
});
afterAll(async () => {
  for (const end of endings) await end();
});

const ids = (heard: readonly { readonly id: string }[]) => heard.map(({ id }) => Number(id));

it("shows in one server's stream what the other wrote and drew again", async () => {
  const { chat, headers } = await here.enter(await here.person({ name: "周建国", unit: "石桥木业" }));
  const stream = await listen(`${here.url}/chat/events?after=0`, headers);
  const started = performance.now();
  const sent = await there.send(chat, cards.notice("zh-CN"));
  await expect.poll(() => stream.heard.length, { timeout: 5_000 }).toBe(1);
  expect(performance.now() - started).toBeLessThan(5_000);
  const options = { key: "k", lane: "reply", deadline: new Date(Date.now() + 5_000) } as const;
  const ref = sent.kind === "sent" ? sent.ref : "";
  await there.platform.redraw({ platform: "web", chat }, ref, cards.done("zh-CN"), options);
  await expect.poll(() => stream.heard.at(-1)?.data, { timeout: 5_000 }).toContain("已认领");
  stream.stop();
});

it("lets a browser go over to the other server in the middle and miss nothing, twice nothing", async () => {
  const { chat, headers } = await here.enter(await here.person({ name: "周建国", unit: "石桥木业" }));
  const writing = (async () => {
    for (let at = 0; at < 40; at++) {
      await (at % 2 ? here : there).send(chat, cards.help("zh-CN"), `k-${at}`);
      await sleep(5);
    }
  })();
  const heard: number[] = [];
  for (let turn = 0; heard.length < 40; turn++) {
    const server = turn % 2 ? here : there;
    const stream = await listen(`${server.url}/chat/events?after=0`, {
      ...headers,
      "last-event-id": String(heard.at(-1) ?? 0),
    });
    await expect.poll(() => stream.heard.length, { timeout: 10_000 }).toBeGreaterThan(0);
    stream.stop();
    heard.push(...ids(stream.heard));
  }
  await writing;
  expect(heard).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
});

it("opens with a link once, whichever server is asked, and knows the session on both", async () => {
  const link = await here.link(await here.person({ name: "周建国", unit: "石桥木业" }));
  const answers = await Promise.all([here, there, here, there].map((world) => world.post(link, {})));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 410, 410, 410]);
  const [cookie = ""] = answers.flatMap((answer) => answer.headers.getSetCookie());
  for (const world of [here, there]) expect((await world.visit("/chat", { headers: { cookie } })).status).toBe(200);
});

it("counts a double click once, whichever server each click reaches", async () => {
  const { chat, headers } = await here.enter(await here.person({ name: "周建国", unit: "石桥木业" }));
  const form = { text: "在吗", nonce: "one" };
  await Promise.all(
    [here, there].map((world) => world.post("/chat/say", form, { ...headers, accept: "application/json" })),
  );
  const [one, two] = [here, there].map((world) => world.received.find(({ from }) => from.chat === chat)?.id);
  expect(one).toBe(two);
  expect(await here.chats.history(chat, 10)).toHaveLength(1);
});

it("asks the database once a tick however many chats are open, and not at all when none is", async () => {
  const people = await Promise.all(
    Array.from({ length: 8 }, async () => here.enter(await here.person({ name: "周建国", unit: "石桥木业" }))),
  );
  let asked = 0;
  const counting: ChatStore = {
    ...here.chats,
    heads: (chats) => {
      asked++;
      return here.chats.heads(chats);
    },
  };
  const watching = followers(counting, testLog());
  const stop = new AbortController();
  const heard: string[] = [];
  const open = people.map(({ chat }) =>
    watching.follow({ chat, seq: 0n }, async ({ body }) => void heard.push(body.side), stop.signal),
  );
  const started = performance.now();
  await expect.poll(() => asked, { timeout: 10_000 }).toBeGreaterThan(3);
  expect(asked).toBeLessThanOrEqual(Math.ceil((performance.now() - started) / 300) + 1);
  await there.send(people[3]?.chat ?? "", cards.help("zh-CN"));
  await expect.poll(() => heard, { timeout: 5_000 }).toEqual(["ours"]);
  stop.abort();
  await Promise.all(open);
  await sleep(400);
  const before = asked;
  await sleep(700);
  expect(asked).toBe(before);
});
