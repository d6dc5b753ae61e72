import { afterAll, beforeAll, expect, it } from "vitest";
import { eventually } from "../scripted/eventually.ts";
import { TELEGRAM } from "../scripted/habits.ts";
import { type Open, overEmbedded } from "../scripted/open.ts";
import { parts } from "../scripted/parts.ts";
import { freshEmbedded } from "../setup/database.ts";

let base: Open;
beforeAll(async () => {
  base = await overEmbedded(await freshEmbedded());
});
afterAll(() => base.close());

it("sends and redraws on the embedded database, with one connection for everything", async () => {
  const all = parts(base.db);
  const there = await TELEGRAM.server();
  const bot = TELEGRAM.platform(there.url, all.keys, { perSecond: null });
  const chats = Array.from({ length: 300 }, () => there.newChat());
  for (const chat of chats) there.chats.open(chat);
  const to = await all.office.people(bot.name, chats);
  const notice = await all.office.notice(all.clock.now());
  await all.office.deliver(to, notice, "bulk", all.clock.now());
  const dispatcher = all.dispatch(bot);
  await eventually(
    () => all.office.states(),
    ({ sent }) => sent === 300,
    60_000,
  );
  await base.db.notice.update({ where: { id: notice }, data: { state: "recalled" } });
  await base.db.$executeRaw`UPDATE "delivery" SET "wanted_rev" = 2`;
  dispatcher.wake();
  await eventually(
    () => base.db.delivery.count({ where: { drawnRev: 2 } }),
    (count) => count === 300,
    60_000,
  );
  await dispatcher.stop();
  const shown = chats.map((chat) => there.chats.shows(chat));
  expect(shown.every((messages) => messages.length === 1 && messages[0]?.edits === 1)).toBe(true);
  expect(all.log.entries.filter(({ level }) => level !== "info")).toEqual([]);
  await there.close();
}, 150_000);
