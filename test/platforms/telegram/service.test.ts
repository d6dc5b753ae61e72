import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { DeliveryId } from "../../../src/domain/ids.ts";
import { readExposition } from "../../metrics/exposition.ts";
import { eventually } from "../../scripted/eventually.ts";
import type { Person } from "../../telegram-server/people.ts";
import type { Shown } from "../../telegram-server/state.ts";
import { SECRET, type ServiceWorld, serviceWorld } from "./service-world.ts";

const BLOCKED = { code: 403, description: "Forbidden: bot was blocked by the user" };
const DEACTIVATED = { code: 403, description: "Forbidden: user is deactivated" };
const DELETED = { code: 403, description: "Forbidden: the group chat was deleted" };

let world: ServiceWorld;
let zhou: Person;
let wang: Person;

beforeAll(async () => {
  world = await serviceWorld({ redis: true });
  zhou = world.server.person({ name: "周建国" });
  wang = world.server.person({ name: "王敏" });
  await world.settle(["周建国", zhou], ["王敏", wang]);
}, 60_000);
afterAll(() => world.close());
afterEach(() => {
  expect(world.server.violations).toEqual([]);
  expect(world.log.entries.filter(({ level }) => level === "error")).toEqual([]);
});

/** The last message that says this, as soon as there is one. */
const shown = (person: Person, words: RegExp) =>
  eventually(
    () => person.shows().findLast(({ text }) => words.test(text)) ?? null,
    (message) => message !== null,
  ).then((message) => message as Shown);
const count = (person: Person, words: RegExp) => person.shows().filter(({ text }) => words.test(text)).length;
const deliver = async (...chats: readonly number[]): Promise<readonly DeliveryId[]> => {
  const to = await world.office.people("telegram", chats.map(String));
  return world.office.deliver(to, await world.office.notice(world.now()), "bulk", world.now());
};
const reaches = (id: DeliveryId, state: string) =>
  eventually(
    () => world.office.row(id),
    (row) => row.state === state,
  );

describe("on Telegram, with everything real but Telegram", () => {
  it("a group that becomes a supergroup: the account moves, and the message arrives once", async () => {
    const [before, after] = [world.server.group({ id: -4_012_345_678 }), world.server.group()];
    world.server.shut(before.id, {
      ...{ code: 400, description: "Bad Request: group chat was upgraded to a supergroup chat" },
      migratedTo: after.id,
    });
    const [id] = (await deliver(before.id)) as [DeliveryId];
    const { accountId } = await reaches(id, "sent");
    expect([before.shows().length, after.shows().length]).toEqual([0, 1]);
    const account = await world.db.account.findUniqueOrThrow({ where: { id: accountId as bigint } });
    expect(Buffer.from(account.addressIndex)).toEqual(
      Buffer.from(world.installation.keys.index("address", String(after.id))),
    );
    expect(world.calls("sendMessage", before.id)).toHaveLength(1);
  });

  it("nobody there: unreachable at once and asked no more; and back with what was missed, however they return", async () => {
    const [blocked, dead, fresh] = [0, 1, 2].map(() => world.server.person({ started: false })) as [
      Person,
      Person,
      Person,
    ];
    const group = world.server.group();
    world.server.shut(blocked.id, BLOCKED);
    world.server.shut(dead.id, DEACTIVATED);
    world.server.shut(group.id, DELETED);
    const ids = await deliver(blocked.id, dead.id, fresh.id, group.id);
    const rows = await Promise.all(ids.map((id) => reaches(id, "gone")));
    expect(rows.map(({ why }) => why)).toEqual(["blocked", "deactivated", "not-started", "removed"]);
    const gone = await world.db.account.count({
      where: { id: { in: rows.map(({ accountId }) => accountId as bigint) }, gone: { not: null } },
    });
    expect(gone).toBe(4);
    for (const { id } of [blocked, dead, fresh, group]) expect(world.calls("sendMessage", id)).toHaveLength(1);
    // The one takes the bot back; the other opens it for the first time, of which Telegram tells nothing but their words.
    blocked.unblocks();
    fresh.starts();
    for (const [at, person] of [blocked, null, fresh].entries()) {
      if (!person) continue;
      await reaches(ids[at] as DeliveryId, "sent");
      expect(person.shows().filter(({ text }) => text.includes("汛期安全检查"))).toHaveLength(1);
    }
  });

  it("a group that the bot is put into or out of is nobody, and is written to by nobody", async () => {
    const before = await world.db.person.count();
    const chat = { id: -1_009_999_999_999, type: "supergroup", title: "群" };
    const me = { user: { id: 7_000_000_001, is_bot: true, first_name: "Chuanda" } };
    const from = { id: zhou.id, is_bot: false, first_name: "周建国" };
    for (const status of ["member", "left"]) {
      const change = { chat, from, date: 1, old_chat_member: me, new_chat_member: { ...me, status } };
      world.server.updates.push("my_chat_member", change, `chat ${chat.id}`);
    }
    await eventually(
      () => world.db.inbound.count({ where: { state: "pending" } }),
      (count) => count === 0 && world.server.updates.waiting() === 0,
    );
    expect(await world.db.person.count()).toBe(before);
  });

  it("a tap counts for whoever was asked: not on somebody else's card, not forged, and a month later is answered kindly", async () => {
    const number = await world.publish();
    const [card, other] = [await shown(zhou, /请查一遍消防通道/), await shown(wang, /请查一遍消防通道/)];
    const data = card.rows[0]?.[0]?.data ?? "";
    wang.forges(data, other.id);
    wang.forges(`${data.slice(0, -1)}${data.endsWith("A") ? "B" : "A"}`, other.id);
    await eventually(
      () => count(wang, /这张卡片是旧的，没有记录/),
      (said) => said === 2,
    );
    expect((await world.stands(number)).acknowledged).toBe(0);
    const tap = zhou.taps(/^✅/, card.id);
    await shown(zhou, /^✅ 周建国/);
    zhou.again(tap);
    zhou.forges(data, card.id);
    await eventually(
      () => world.calls("answerCallbackQuery").length,
      (answered) => answered >= 4,
    );
    expect((await world.stands(number)).acknowledged).toBe(1);
    expect((await shown(zhou, /请查一遍消防通道/)).id).toBe(card.id);

    const old = await world.publish("上个月的事");
    const stale = await shown(zhou, /上个月的事/);
    await world.db.notice.updateMany({ where: { number: old }, data: { state: "closed" } });
    world.travel(31 * 86_400_000);
    zhou.taps(/^✅/, stale.id);
    await shown(zhou, /已结束/);
    expect((await world.stands(old)).acknowledged).toBe(0);
  });

  it("pictures with words are words, without words they are asked for words, and an album is answered once", async () => {
    const number = await world.publish("拍一张照片", "请拍。", "evidence");
    zhou.taps(/^✅/, (await shown(zhou, /拍一张照片/)).id);
    await shown(zhou, /^请写一句办得怎么样/);
    zhou.sends({ location: { latitude: 27.9, longitude: 102.2 } });
    await shown(zhou, /这里只能收文字。请写一句办得怎么样/);
    const before = zhou.shows().length;
    const size = { width: 9, height: 9 };
    for (const [at, caption] of [undefined, "出口都清空了", undefined].entries())
      zhou.sends({
        ...{ photo: [{ file_id: `p${at}`, file_unique_id: `u${at}`, ...size }], media_group_id: "77" },
        ...(caption ? { caption } : {}),
      });
    await eventually(
      async () => (await world.stands(number)).acknowledged,
      (acknowledged) => acknowledged === 1,
    );
    await eventually(
      () => world.db.inbound.count({ where: { state: "pending" } }),
      (waiting) => waiting === 0,
    );
    // The card itself shows what came of it, and nothing is said of the other pictures.
    expect(zhou.shows().length).toBe(before);
    zhou.sends({ photo: [{ file_id: "p9", file_unique_id: "u9", ...size }] });
    await shown(zhou, /照片、位置我现在还看不了/);
  });

  it("titles and words of any letters are shown as they were written, and the longest do not break", async () => {
    const title = '1 < 2 & "b" > 0 👩‍🚒 𠮷';
    await world.publish(title, "安全第一。".repeat(2_000));
    const card = await eventually(
      () => zhou.shows().find(({ text }) => text.includes(title)),
      (found) => found !== undefined,
    );
    expect(card?.text.length).toBeLessThanOrEqual(4_096);
    const stray = () => count(zhou, /我没看懂|看不了/);
    const before = stray();
    for (const words of [`\u202e\u200b<i>${"长".repeat(4_000)}</i>`, "\u200b\u200f", "👩‍🚒"]) zhou.says(words);
    await eventually(stray, (said) => said === before + 3);
    expect(await world.tools.parking.inbound.parked()).toEqual([]);
  });

  it("what is not Telegram's is turned away, counted, and stands in no log", async () => {
    const post = async (body: string, secret: string | null) => {
      const headers = {
        "content-type": "application/json",
        ...(secret ? { "x-telegram-bot-api-secret-token": secret } : {}),
      };
      return (await fetch(`${world.url}/webhooks/telegram`, { method: "POST", headers, body })).status;
    };
    const canary = JSON.stringify({ update_id: 1, message: { text: "canary-4711" } });
    const before = world.log.entries.length;
    expect(await post(canary, null)).toBe(401);
    expect(await post(canary, `${SECRET}x`)).toBe(401);
    expect(await post('{"canary-4711', SECRET)).toBe(400);
    expect(await post(`"canary-4711${"x".repeat(2 << 20)}"`, SECRET)).toBe(413);
    expect(JSON.stringify(world.log.entries.slice(before))).not.toContain("canary-4711");
    const { samples } = readExposition(await (await fetch(`${world.url}/metrics`)).text());
    const refused = samples.filter(({ name }) => name === "chuanda_webhooks_refused_total");
    expect(refused.map(({ labels, value }) => [labels.reason, value])).toEqual(
      expect.arrayContaining([
        ["forged", 2],
        ["unreadable", 1],
      ]),
    );
    const big = samples.find(
      ({ name, labels }) => name === "chuanda_http_request_duration_seconds_count" && labels.status === "413",
    );
    expect(big).toMatchObject({ labels: { route: "/webhooks/telegram" }, value: 1 });
  });
});
