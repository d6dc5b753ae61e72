import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Open, overPostgres } from "../scripted/open.ts";
import { freshPostgres } from "../setup/database.ts";
import { type EnrolWorld, enrolWorld } from "./enrol-world.ts";

let open: Open;
let world: EnrolWorld;
beforeAll(async () => {
  open = await overPostgres(await freshPostgres());
});
afterAll(() => open.close());
beforeEach(async () => {
  await open.db
    .$executeRaw`TRUNCATE "unit", "person", "notice", "inbound", "ledger_inbox", "stranger_try" RESTART IDENTITY CASCADE`;
  world = enrolWorld(open.db);
  await world.tree([
    { code: "county", kind: "authority" },
    { code: "town", parent: "county", kind: "grassroots" },
    { code: "shop", parent: "town" },
  ]);
});

it("takes nobody down of whom a platform only tells that they can be reached, or no longer", async () => {
  const stranger = world.someone("41");
  await stranger.send({ kind: "reach", reachable: false });
  await stranger.send({ kind: "reach", reachable: true });
  expect([await open.db.person.count(), await open.db.inbound.count({ where: { state: "done" } })]).toEqual([0, 2]);
});

describe("somebody with a code", () => {
  it("answers several questions at once, as a window sends them, and those that it opens along with them", async () => {
    const { code } = await world.invite("shop", "worker");
    const newcomer = world.someone("43");
    await newcomer.starts(code);
    const { action } = await newcomer.button("中文");
    const draft = action.do === "answer" ? action.draft : (0n as never);
    const option = (name: string) => ({ kind: "option", option: name }) as const;
    const replies = { language: option("en"), privacy: option("yes"), name: { kind: "text", text: "Li" } as const };
    await newcomer.send({ kind: "form", draft, replies });
    expect(await newcomer.sees()).toContain("This is what we write down");
    await newcomer.send({ kind: "form", draft, replies: { check: option("yes") } });
    expect((await newcomer.cards()).at(-1)?.lines.join(" ")).toContain("Noted, Li");
    const before = await newcomer.count();
    await newcomer.send({ kind: "form", draft, replies });
    expect(await newcomer.count()).toBe(before + 1);
    expect(await newcomer.sees()).toContain("closed");
  });

  it("says their language, agrees to what is kept, says that they are who is on record, and is there", async () => {
    await world.person("周建国", ["shop:principal"], { alone: true });
    const number = await world.publish({ audience: "unit shop" });
    const { code } = await world.invite("shop", "principal");
    const zhou = world.someone("42", "fr");
    await zhou.starts(code);
    expect(await zhou.sees()).toBe("请选语言 / Choose your language\n第 1 步\n[中文] [English] [取消]");
    await zhou.presses("中文");
    expect(await zhou.sees()).toMatch(
      /^您好，这里是county的“传达”。\n我们只存：.*\n第 2 步\n\[同意\] \[不绑定\] \[← 上一步\] \[取消\]$/u,
    );
    await zhou.presses("同意");
    expect(await zhou.sees()).toBe("您是shop的周建国（主要负责人）吗？\n第 3 步\n[是我] [不是] [← 上一步] [取消]");
    await zhou.presses("是我");
    const words = (await zhou.cards()).map(({ lines }) => lines.join(" "));
    expect(words.filter((line) => line.startsWith("记下了"))).toEqual([
      "记下了，周建国：shop的主要负责人。有您的事会自己发到这里。",
    ]);
    expect(await zhou.faults()).toEqual([]);

    // What could not reach them goes out, and they answer it.
    expect(await world.stands(number)).toMatchObject({ queued: 1, failed: 0 });
    await zhou.presses("✅ 我来负责（周建国）");
    expect(await world.stands(number)).toMatchObject({ acknowledged: 1 });
    expect(await world.told()).toEqual([
      expect.objectContaining({
        kind: "invited",
        subject: { invitation: "1", unit: "shop", post: "principal", uses: "1" },
      }),
      expect.objectContaining({
        kind: "enrolled",
        subject: { invitation: "1", unit: "shop", post: "principal", platform: "telegram", as: "known", privacy: "1" },
      }),
      expect.objectContaining({ kind: "acknowledged" }),
    ]);
    expect(await open.db.consent.findMany()).toMatchObject([{ version: 1, locale: "zh-CN" }]);
    expect([await open.db.person.count(), await open.db.guest.count()]).toEqual([1, 0]);
    // Every card keeps the words that it had.
    expect(words).toContain("您是shop的周建国（主要负责人）吗？");
  });

  it("writes their name where nobody is on record, looks it over, changes it, and is somebody new", async () => {
    const { code } = await world.invite("shop", "worker", { uses: 2 });
    const li = world.someone("43");
    await li.writes(`http://x/join/${code.toLowerCase()}`);
    await li.presses("English");
    await li.presses("Agree");
    expect(await li.sees()).toContain("You are joining shop as worker. What is your name?");
    await li.writes("Li\u202e Na");
    expect(await li.sees()).toContain("This is what we write down for shop, worker:\nname: Li Na");
    await li.presses("Change name");
    await li.writes("Li Nana");
    await li.presses("That is right");
    expect(await li.sees()).toBe("Noted, Li Nana: worker at shop. Whatever needs you comes here by itself.");
    expect(await li.faults()).toEqual([]);
    const holders = await open.db.post.findMany({ include: { person: true } });
    expect(holders).toMatchObject([{ post: "worker", deputy: false, person: { locale: "en", localeChosen: true } }]);
    // The code again, from the same account: nothing to do, and no use of it.
    await li.writes(code);
    expect(await li.sees()).toBe("You are worker at shop already. Nothing else to do.");
    expect(await open.db.invitation.findFirstOrThrow()).toMatchObject({ used: 1 });
  });

  it("gets what is open for the office, as an import would hand it over", async () => {
    const number = await world.publish({ audience: "unit shop" });
    expect(await world.stands(number)).toMatchObject({ recipients: 0, units: { total: 1, open: 1 } });
    const { code } = await world.invite("shop", "safety_manager");
    const wang = world.someone("44");
    await wang.starts(code);
    for (const label of ["中文", "同意"]) await wang.presses(label);
    await wang.writes("王敏");
    await wang.presses("对，登记");
    await wang.presses("✅ 我来负责（王敏）");
    expect(await world.stands(number)).toMatchObject({ acknowledged: 1, units: { fulfilled: 1 } });
    expect((await world.told()).map(({ kind }) => kind)).toEqual([
      "invited",
      "enrolled",
      "handed-over",
      "acknowledged",
    ]);
  });

  it("and who declines leaves nothing but their no", async () => {
    const { code } = await world.invite("shop", "worker");
    const li = world.someone("45");
    await li.starts(code);
    await li.presses("中文");
    await li.presses("不绑定");
    expect(await li.sees()).toBe("好的，什么都没有记。电话签收一样有效，单位会打电话找您。");
    expect(await open.db.invitation.findFirstOrThrow()).toMatchObject({ used: 0 });
    world.wait(3 * 86_400_000);
    await world.drafts.forget(world.times().real);
    expect([await open.db.person.count(), await open.db.account.count(), await open.db.delivery.count()]).toEqual([
      0, 0, 0,
    ]);
  });

  it("takes on another office with one tap where they are known", async () => {
    await world.person("周建国", ["shop:principal"]);
    const { code } = await world.invite("town", "worker");
    const zhou = world.known("周建国");
    await zhou.writes(code);
    expect(await zhou.sees()).toBe("这个邀请码会把您也登记为town的工人，对吗？\n[对，是我] [取消]");
    await zhou.presses("对，是我");
    expect(await zhou.sees()).toBe("记下了，周建国：town的工人。有您的事会自己发到这里。");
    expect(await open.db.post.count()).toBe(2);
  });
});

describe("a code that lets nobody in", () => {
  it("gets the same line, whatever is wrong with it, and after five an hour of silence, also for a good one", async () => {
    const used = await world.invite("shop", "worker");
    const revoked = await world.invite("shop", "worker");
    const old = await world.invite("shop", "worker", { days: -1 });
    const good = await world.invite("shop", "worker");
    expect(await world.invitations.revoke(revoked.id, world.times())).toBe(true);
    expect(await world.invitations.revoke(revoked.id, world.times())).toBe(false);
    await open.db.invitation.update({ where: { id: used.id }, data: { used: 1 } });
    const stranger = world.someone("46");
    const said: (string | null)[] = [];
    for (const code of [used.code, revoked.code, old.code, "0000-0000-0000-0000", "1".repeat(16)]) {
      await stranger.starts(code);
      said.push(await stranger.sees());
    }
    expect(new Set(said)).toEqual(new Set(["这个邀请码用不了。请找给您邀请码的人再要一个。"]));
    await stranger.writes(good.code);
    expect(await stranger.sees()).toBe("先到这里，请过一小时再试。");
    const before = await stranger.count();
    for (const code of [good.code, used.code]) await stranger.writes(code);
    expect(await stranger.count()).toBe(before);
    world.wait(3_601_000);
    await stranger.writes(good.code);
    expect(await stranger.sees()).toContain("请选语言");
    expect((await world.invitations.list(null, world.times().real)).map(({ id }) => id)).toEqual([good.id]);
  });

  it("however many others guess, keeps nobody out who has a good one", async () => {
    const { code } = await world.invite("shop", "worker");
    const guesses = Array.from({ length: 200 }, (_, at) => {
      const key = world.keys.index("address", `guesser ${at}`);
      return { kind: "code", key, at: world.times().real };
    });
    await open.db.strangerTry.createMany({ data: guesses });
    const li = world.someone("48");
    await li.starts("1".repeat(16));
    expect(await li.sees()).toBe(null);
    await li.starts(code);
    expect(await li.sees()).toContain("请选语言");
  });

  it("was used up while somebody filled in the form: then it ends there", async () => {
    const { code, id } = await world.invite("shop", "worker");
    const li = world.someone("47");
    await li.starts(code);
    for (const label of ["中文", "同意"]) await li.presses(label);
    await li.writes("李娜");
    await open.db.invitation.update({ where: { id }, data: { used: 1 } });
    await li.presses("对，登记");
    expect(await li.sees()).toContain("这个邀请码用不了");
    expect(await open.db.post.count()).toBe(0);
  });
});

describe("an office that decides about others", () => {
  const bring = async (chat: string, code: string, name: string) => {
    const one = world.someone(chat);
    await one.starts(code);
    for (const label of ["中文", "同意"]) await one.presses(label);
    await one.writes(name);
    await one.presses("对，登记");
    return one;
  };

  it("is held only once somebody above agrees, and what was done before is done then", async () => {
    await world.person("陈静", ["county:official"]);
    await world.person("外人", ["shop:principal"]);
    const { code } = await world.invite("town", "official");
    const lin = await bring("50", code, "林晓梅");
    expect(await lin.sees()).toBe("记下了。这个岗位要上一级同意，有结果在这里告诉您。");
    await lin.commands("todo");
    expect(await lin.sees()).toContain("还在等答复");
    expect(await open.db.post.count({ where: { post: "official", unit: { code: "town" } } })).toBe(0);
    const chen = world.known("陈静");
    expect(await chen.sees()).toBe("林晓梅拿着邀请码，要登记为town的干部。您知道这件事吗？\n[同意] [不同意]");
    expect(await chen.faults()).toEqual([]);
    // Somebody else's word does not count, even with the button's meaning in hand.
    const other = world.known("外人");
    await other.send(await chen.button("同意"));
    expect(await other.sees()).toBe("这件事不归您定，没有记录。");
    await chen.presses("同意");
    expect(await chen.sees()).toBe("已同意：town的干部。");
    const seen = (await lin.cards()).map(({ lines }) => lines[0]);
    expect(seen).toContain("记下了，林晓梅：town的干部。接着办您刚才的事：");
    expect(seen.at(-1)).toBe("今天没有要您办的事。");
    expect((await world.told()).map(({ kind }) => kind)).toEqual(["invited", "enrolment-approved", "enrolled"]);
    // The button of an old copy: settled already.
    await chen.send({ kind: "press", action: { do: "refuse", enrolment: 1n as never }, text: null, ref: null });
    expect(await chen.sees()).toBe("这件事已经有结果了。");
  });

  it("is refused kindly, and is for the operator where nobody above is reached", async () => {
    const { code } = await world.invite("county", "official", { uses: 2 });
    const lin = await bring("51", code, "林晓梅");
    const [waiting] = await world.enrolments.waiting();
    expect(waiting).toMatchObject({ name: "林晓梅", unit: "county", post: "official", needs: "above" });
    const id = waiting?.id ?? (0n as never);
    expect(await world.enrolments.decideByCommand(id, "refuse", world.how())).toBe(true);
    expect(await world.enrolments.decideByCommand(id, "approve", world.how())).toBe(false);
    expect(await lin.sees()).toContain("没有获得同意");
    const wu = await bring("52", code, "吴军");
    const [next] = await world.enrolments.waiting();
    expect(await world.enrolments.decideByCommand(next?.id ?? id, "approve", world.how())).toBe(true);
    expect(await wu.sees()).toContain("记下了，吴军：county的干部");
    expect((await world.told()).map(({ kind }) => kind)).toEqual([
      "invited",
      "enrolment-refused",
      "enrolment-approved",
      "enrolled",
    ]);
  });

  it("nobody becomes somebody who is enrolled already without that person's word", async () => {
    const { code } = await world.invite("shop", "worker", { uses: 3 });
    const li = await bring("53", code, "李娜");
    expect(await li.sees()).toContain("记下了，李娜");
    const again = await bring("54", code, "李娜");
    expect(await again.sees()).toContain("已在原来的账号上问是不是本人");
    expect(await li.sees()).toBe("有人在Telegram上说是您本人（shop，工人）。是您吗？\n[是我] [不是我]");
    await li.presses("是我");
    expect(await again.sees()).toContain("记下了，李娜");
    expect([await open.db.person.count(), await open.db.post.count()]).toEqual([1, 1]);
    // The old account acts no more: the new one has taken its place.
    expect(await open.db.account.findMany({ orderBy: { id: "asc" }, select: { gone: true } })).toEqual([
      { gone: "replaced" },
      { gone: null },
    ]);
  });
});

describe("whoever writes before they are enrolled", () => {
  it("is asked for a code a few times an hour, and what they wanted is done once they are in", async () => {
    const li = world.someone("60");
    await li.writes("我要看待办");
    expect(await li.sees()).toContain("我还不认识您");
    await li.commands("todo");
    for (let times = 0; times < 12; times++) await li.writes("在吗");
    expect(await li.sees()).toBe("先到这里，请过一小时再试。");
    expect(await li.count()).toBe(11);
    await li.commands("todo");
    const { code } = await world.invite("shop", "worker");
    await li.starts(code);
    for (const label of ["中文", "同意"]) await li.presses(label);
    await li.writes("李娜");
    await li.presses("对，登记");
    expect(await li.sees()).toBe("今天没有要您办的事。");
  });
});

describe("a draft", () => {
  it("goes on after a restart and through a notice, hears nothing twice, and ends after a day without an answer", async () => {
    await world.person("周建国", ["shop:principal"]);
    const zhou = world.known("周建国");
    const { code } = await world.invite("town", "worker");
    await zhou.starts(code);
    // A second form beside it, and a notice in the middle.
    await zhou.commands("language");
    await world.publish({ audience: "unit shop" });
    const reborn = enrolWorld(open.db).known("周建国");
    await reborn.presses("✅ 我来负责（周建国）");
    expect(await open.db.draft.count({ where: { ended: false } })).toBe(2);
    await reborn.writes("2");
    expect(await open.db.draft.findMany({ where: { ended: false }, select: { form: true } })).toEqual([
      { form: "enrolment" },
    ]);
    expect((await open.db.person.findFirstOrThrow()).locale).toBe("en");
    const yes = await reborn.button("Yes, that is right");
    await reborn.send(yes);
    expect(await open.db.post.count()).toBe(2);
    await reborn.send(yes);
    expect(await reborn.sees()).toBe("This question is closed. There is nothing to answer here any more.");
    await reborn.commands("language");
    world.wait(86_401_000);
    expect(await world.drafts.forget(world.times().real)).toBe(2);
    expect(await open.db.draft.count()).toBe(0);
    expect((await reborn.sees())?.split("\n")).toHaveLength(1);
  });
});
