import type { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Card } from "../../../src/dialogue/screen.ts";
import type { PersonId } from "../../../src/domain/ids.ts";
import { openKeys } from "../../../src/keys/keys.ts";
import type { NewChatMessage } from "../../../src/ports/store/chat-store.ts";
import { chatStore } from "../../../src/store/chat-messages.ts";
import { openPrisma } from "../../../src/store/client.ts";
import { accessStore } from "../../../src/store/web-access.ts";
import { rootKey } from "../../keys/root-key.ts";
import { cards, NOW } from "./cards.ts";
import { addPerson } from "./people.ts";

const DAY = 86_400_000;
const real = new Date("2026-11-23T08:00:00Z");
const later = (ms: number): Date => new Date(real.getTime() + ms);
const web = (chat: string) => ({ platform: "web", chat }) as const;

/** What the web chat's storage must do on any database. `open` gives a migrated one of its own. */
export const chatStoreSuite = (
  name: string,
  open: () => Promise<{ readonly pool: Pool; drop(): Promise<void> }>,
): void => {
  describe(`the web chat's storage on ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    let db: ReturnType<typeof openPrisma>;
    const keys = openKeys(rootKey(1));
    beforeAll(async () => {
      opened = await open();
      db = openPrisma(opened.pool);
    });
    afterAll(async () => {
      await db.$disconnect();
      await opened.drop();
    });

    const person = (parts: { locale?: string | null } = {}): Promise<PersonId> =>
      addPerson(db, keys, { name: "周建国", unit: "石桥木业", ...parts });
    const linkFor = async (id: PersonId, expiresAt = later(7 * DAY)) => {
      const { hash } = keys.newToken();
      await accessStore(db, keys).addLinks([{ person: id, tokenHash: hash }], expiresAt);
      return hash;
    };
    const sessionOf = (days = 90) => ({ idHash: keys.newToken().hash, expiresAt: later(days * DAY) });
    const chatOf = async (id: PersonId): Promise<string> => {
      const chat = await accessStore(db, keys).redeem(await linkFor(id), sessionOf(), real);
      if (chat === null) throw new Error("not let in");
      return chat;
    };
    const message = (chat: string, key: string, text = key): NewChatMessage => ({
      ...{ chat, key, at: NOW },
      body: { side: "theirs", text },
    });
    const texts = async (chat: string) =>
      (await chatStore(db, keys).history(chat, 100)).map(({ body }) => (body.side === "theirs" ? body.text : "card"));

    it("brings a card back as it was, with its numbers of 64 bits", async () => {
      const store = chatStore(db, keys);
      const chat = await chatOf(await person());
      for (const [key, make] of Object.entries(cards)) {
        const card: Card = make("en");
        const [ref] = await store.append([{ chat, key, body: { side: "ours", card }, at: NOW }]);
        expect(await store.find(chat, ref ?? "")).toEqual(
          expect.objectContaining({ ref, at: NOW, body: { side: "ours", card } }),
        );
      }
    });

    it("keeps nothing readable of what people say", async () => {
      const chat = await chatOf(await person());
      await chatStore(db, keys).append([message(chat, "k", "zhou-canary")]);
      const rows = await db.chatMessage.findMany();
      const accounts = await db.account.findMany();
      const bytes = [...rows.map((row) => row.body), ...accounts.flatMap((row) => [row.addressCell, row.addressIndex])];
      const all = bytes.map((each) => Buffer.from(each).toString("latin1")).join();
      expect(all).not.toContain("zhou-canary");
      expect(all).not.toContain(chat);
    });

    it("writes a key once, however often and with whatever words it comes again", async () => {
      const store = chatStore(db, keys);
      const chat = await chatOf(await person());
      const [first, same, second] = await store.append([
        message(chat, "a"),
        message(chat, "a", "other"),
        message(chat, "b"),
      ]);
      expect(same).toBe(first);
      expect(second).not.toBe(first);
      expect(await store.append([message(chat, "b"), message(chat, "a")])).toEqual([second, first]);
      expect(await texts(chat)).toEqual(["a", "b"]);
      expect(await store.heads([chat])).toEqual(new Map([[chat, 2n]]));
    });

    it("writes to many chats at once, each in order, and says which chats it does not know", async () => {
      const store = chatStore(db, keys);
      const [one, two] = [await chatOf(await person()), await chatOf(await person())];
      const refs = await store.append([
        message(one, "1"),
        message("nobody", "1"),
        message(two, "1"),
        message(one, "2"),
      ]);
      expect(refs.map((ref) => ref !== null)).toEqual([true, false, true, true]);
      expect([await texts(one), await texts(two)]).toEqual([["1", "2"], ["1"]]);
      expect(await store.heads([one, two, "nobody"])).toEqual(
        new Map([
          [one, 2n],
          [two, 1n],
        ]),
      );
      expect(await store.append([message("nobody", "1")])).toEqual([null]);
    });

    it("numbers changes without gaps and in the order of writing while many write at once", async () => {
      const chats = await Promise.all([1, 2, 3].map(async () => chatOf(await person())));
      const stores = [chatStore(db, keys), chatStore(openPrisma(opened.pool), keys)];
      await Promise.all(
        Array.from({ length: 24 }, (_, at) => {
          const own = chats.map((chat) => message(chat, `key-${at % 12}`, `from ${at}`));
          return stores[at % 2]?.append(at % 3 ? own : own.toReversed());
        }),
      );
      for (const chat of chats) {
        const all = await chatStore(db, keys).history(chat, 100);
        expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: 12 }, (_, at) => BigInt(at + 1)));
      }
    });

    it("draws a card again as the latest change, and nothing for the same card", async () => {
      const store = chatStore(db, keys);
      const chat = await chatOf(await person());
      const [card, theirs] = await store.append([
        { chat, key: "card", body: { side: "ours", card: cards.notice("zh-CN") }, at: NOW },
        message(chat, "theirs"),
      ]);
      expect(await store.redraw(chat, card ?? "", cards.notice("zh-CN"))).toBe(true);
      expect((await store.heads([chat])).get(chat)).toBe(2n);
      expect(await store.redraw(chat, card ?? "", cards.done("zh-CN"))).toBe(true);
      const changes = await store.changes(chat, 2n, 10);
      expect(changes).toEqual([{ ref: card, seq: 3n, at: NOW, body: { side: "ours", card: cards.done("zh-CN") } }]);
      expect(await texts(chat)).toEqual(["card", "theirs"]);
      for (const wrong of [theirs ?? "", "999999", "no number", ""]) {
        expect(await store.redraw(chat, wrong, cards.done("zh-CN")), wrong).toBe(false);
      }
      const other = await chatOf(await person());
      expect(await store.redraw(other, card ?? "", cards.notice("zh-CN"))).toBe(false);
      expect(await store.find(other, card ?? "")).toBeNull();
    });

    it("reads back page by page, and forward from a change", async () => {
      const store = chatStore(db, keys);
      const chat = await chatOf(await person());
      await store.append(Array.from({ length: 7 }, (_, at) => message(chat, String(at))));
      const latest = await store.history(chat, 3);
      const before = await store.history(chat, 3, latest[0]?.ref);
      const words = (page: typeof latest) => page.map(({ body }) => body.side === "theirs" && body.text);
      expect([words(before), words(latest)]).toEqual([
        ["1", "2", "3"],
        ["4", "5", "6"],
      ]);
      expect((await store.changes(chat, 4n, 2)).map(({ seq }) => seq)).toEqual([5n, 6n]);
      expect(await store.changes(chat, 7n, 2)).toEqual([]);
      expect(await store.history("nobody", 3)).toEqual([]);
    });

    it("knows the reader of a chat, and how large they want it", async () => {
      const store = chatStore(db, keys);
      const chat = await chatOf(await person({ locale: null }));
      await store.setLargeType(web(chat), true);
      expect(await store.reader(web(chat))).toEqual({
        name: "周建国",
        unitName: "石桥木业",
        locale: null,
        largeType: true,
      });
      expect(await store.reader(web("nobody"))).toBeNull();
      await store.setLargeType(web("nobody"), true);
    });

    it("knows nobody whose key is gone", async () => {
      const store = chatStore(db, keys);
      const id = await person();
      const [chat, unused] = [await chatOf(id), await linkFor(id)];
      await store.append([message(chat, "a")]);
      await db.personKey.delete({ where: { personId: id } });
      expect(await store.append([message(chat, "b")])).toEqual([null]);
      expect([await store.history(chat, 9), await store.reader(web(chat))]).toEqual([[], null]);
      expect(await accessStore(db, keys).peek(unused, real)).toBeNull();
      await expect(linkFor(id)).resolves.toBeTruthy();
    });

    it("finds a chat under the old root key while it rotates", async () => {
      const chat = await chatOf(await person());
      await chatStore(db, keys).append([message(chat, "before")]);
      const rotating = openKeys(`${rootKey(2)},${rootKey(1)}`);
      await chatStore(db, rotating).append([message(chat, "after")]);
      expect(await texts(chat)).toEqual(["before", "after"]);
    });

    describe("a personal link", () => {
      it("names its person as often as it is looked at, and opens their chat once", async () => {
        const access = accessStore(db, keys);
        const link = await linkFor(await person());
        for (let look = 0; look < 5; look++) expect((await access.peek(link, real))?.name).toBe("周建国");
        const tries = await Promise.all(Array.from({ length: 10 }, () => access.redeem(link, sessionOf(), real)));
        expect(tries.filter((chat) => chat !== null)).toHaveLength(1);
        expect(await access.peek(link, real)).toBeNull();
      });

      it("gives one web account a person, however many links they get at once", async () => {
        const access = accessStore(db, keys);
        const id = await person();
        const links = await Promise.all(Array.from({ length: 6 }, () => linkFor(id)));
        const chats = await Promise.all(links.map((link) => access.redeem(link, sessionOf(), real)));
        expect(new Set(chats).size).toBe(1);
        expect(chats[0]).toMatch(/^[\w-]{22}$/);
      });

      it("is nothing after its time, and nothing if it never was", async () => {
        const access = accessStore(db, keys);
        const link = await linkFor(await person());
        for (const [hash, at] of [
          [link, later(7 * DAY)],
          [keys.newToken().hash, real],
        ] as const) {
          expect(await access.peek(hash, at)).toBeNull();
          expect(await access.redeem(hash, sessionOf(), at)).toBeNull();
        }
        expect(await access.redeem(link, sessionOf(), later(7 * DAY - 1))).not.toBeNull();
      });
    });

    describe("a session", () => {
      it("lasts from its last use, written down once an hour", async () => {
        const access = accessStore(db, keys);
        const session = sessionOf(90);
        const chat = await access.redeem(await linkFor(await person()), session, real);
        const use = (at: Date) => access.session(session.idHash, new Date(at.getTime() + 90 * DAY), at);
        expect(await use(later(59 * 60_000))).toBe(chat);
        expect(
          (await db.webSession.findFirst({ where: { idHash: new Uint8Array(session.idHash) } }))?.expiresAt,
        ).toEqual(session.expiresAt);
        expect(await use(later(80 * DAY))).toBe(chat);
        expect(await use(later(169 * DAY))).toBe(chat);
        expect(await use(later((169 + 90) * DAY))).toBeNull();
      });

      it("ends when its person leaves, and with all others when it is revoked", async () => {
        const access = accessStore(db, keys);
        const [id, stranger] = [await person(), await person()];
        const [one, two, three] = [sessionOf(), sessionOf(), sessionOf()];
        await access.redeem(await linkFor(id), one, real);
        await access.redeem(await linkFor(id), two, real);
        await access.redeem(await linkFor(stranger), three, real);
        const alive = () => access.alive([one.idHash, two.idHash, three.idHash, keys.newToken().hash], real);
        expect(await alive()).toEqual([true, true, true, false]);
        await access.endSession(one.idHash);
        expect(await alive()).toEqual([false, true, true, false]);
        const unused = await linkFor(id);
        expect(await access.revoke([id])).toBe(2);
        expect(await alive()).toEqual([false, false, true, false]);
        expect(await access.redeem(unused, sessionOf(), real)).toBeNull();
        expect(await access.alive([], real)).toEqual([]);
      });
    });
  });
};
