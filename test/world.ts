import { randomUUID } from "node:crypto";
import { parseDue } from "../src/domain/due.ts";
import type { DeliveryId } from "../src/domain/ids.ts";
import type { NoticeDraft } from "../src/domain/notice.ts";
import type { PostName } from "../src/domain/post.ts";
import { parsePost } from "../src/domain/post.ts";
import type { UnitKind } from "../src/domain/unit.ts";
import { parseMarkdown } from "../src/files/markdown.ts";
import { openKeys } from "../src/keys/keys.ts";
import { contentHash } from "../src/ledger/content-hash.ts";
import { entryBytes } from "../src/ledger/entry-bytes.ts";
import { speaker } from "../src/locale/speaker.ts";
import { wording } from "../src/locale/wording.ts";
import type { Incoming } from "../src/ports/chat-platform.ts";
import { answering } from "../src/services/answer.ts";
import { drawing } from "../src/services/draw.ts";
import { publishNotice } from "../src/services/publish-notice.ts";
import { recallNotice } from "../src/services/recall-notice.ts";
import { previewSupersession, supersedeNotice } from "../src/services/supersede-notice.ts";
import { amendStore } from "../src/store/amends.ts";
import { answerStore } from "../src/store/answers.ts";
import type { Db } from "../src/store/client.ts";
import { coverageStore } from "../src/store/coverage.ts";
import { deliveryStore } from "../src/store/deliveries.ts";
import { draftStore } from "../src/store/drafts.ts";
import { enrolmentStore } from "../src/store/enrolments.ts";
import { inboundStore } from "../src/store/inbound.ts";
import { noticeStore } from "../src/store/notices.ts";
import { anyHour } from "./calendars.ts";
import { rootKey } from "./keys/root-key.ts";
import { testLog } from "./setup/log.ts";

interface Branch {
  readonly code: string;
  readonly parent?: string;
  readonly kind?: UnitKind;
  readonly status?: "active" | "closed";
}

interface Ask {
  readonly body?: string;
  readonly audience: string;
  readonly closing?: NoticeDraft["closing"];
  readonly ack?: NoticeDraft["ack"];
  readonly due?: string;
}

/** The real services on a real database, with a clock that travels and nothing sent: what people owe, and what becomes of it. */
export const world = (db: Db) => {
  const keys = openKeys(rootKey(1));
  const log = testLog();
  let now = new Date("2026-09-18T01:00:00Z");
  const clock = { now: () => now, real: () => new Date() };
  const parse = parseMarkdown;
  const deliveries = deliveryStore(db, keys, { parse, wording, locale: "zh-CN" });
  const inbound = inboundStore(db, keys);
  const answers = answerStore(db, keys, entryBytes);
  const coverage = coverageStore(db);
  const drafts = draftStore(db, keys, entryBytes);
  const enrolments = enrolmentStore(db, keys, entryBytes);
  const platforms = ["web"] as const;
  const answer = answering({ inbound, answers, deliveries, drafts, enrolments, keys, platforms, clock, log });
  const addresses = new Map<string, string>();
  let serial = 16;

  const send = async (name: string, what: Incoming["what"]) => {
    const from = { platform: "web", chat: addresses.get(name) ?? "" } as const;
    await inbound.put({ id: randomUUID(), from, language: null, what }, { now, real: new Date() });
    while ((await answer()) > 0);
  };

  const cardOf = async (name: string, number: string) => {
    const [card] = await db.$queryRaw<{ id: bigint; round: number }[]>`
      SELECT d."id", d."round" FROM "delivery" d JOIN "notice" n ON n."id" = d."notice_id" JOIN "account" a ON a."person_id" = d."person_id"
      WHERE d."kind" = 'notice' AND n."number" = ${number} AND a."address_index" = ${keys.index("address", addresses.get(name) ?? "")}`;
    if (!card) throw new Error(`${name} was sent nothing`);
    return { delivery: card.id as never, round: card.round };
  };

  const messageOf = async (name: string, number: string, kind: string): Promise<DeliveryId | null> => {
    const found = await db.delivery.findFirst({
      where: { kind, notice: { number }, account: { addressIndex: keys.index("address", addresses.get(name) ?? "") } },
    });
    return (found?.id as DeliveryId | undefined) ?? null;
  };

  const drafted = async ({ audience, closing = { kind: "each-unit" }, ack = "undertake", due = "4h", body }: Ask) => {
    serial += 1;
    const number = `某安委办〔2026〕${serial}号`;
    const words = { number, locale: "zh-CN", title: "防范", body: body ?? "请您查一遍通道。" } as const;
    const draft: NoticeDraft = {
      number,
      issuerCode: (await db.unit.findFirstOrThrow({ where: { parentId: null } })).code,
      urgency: "priority",
      ack,
      due: parseDue(due),
      audience,
      closing,
      reminders: [],
      texts: [{ locale: words.locale, title: words.title, body: words.body, hash: contentHash.text(words) }],
      contentHash: contentHash.text(words),
    };
    return draft;
  };

  const parts = {
    notices: noticeStore(db, entryBytes),
    amends: amendStore(db, entryBytes),
    hash: contentHash,
    calendars: anyHour,
    clock,
    queue: { hint: async () => {} },
    parse,
    wording,
    platforms: ["web"] as const,
  };
  const draw = drawing({ deliveries, clock, card: speaker(clock.now, "Asia/Shanghai").card });

  return {
    keys,
    log,
    clock,
    /** From here on every look at the clock finds it a millisecond later, as in life. */
    tick() {
      clock.now = () => {
        now = new Date(now.getTime() + 1);
        return now;
      };
    },
    travel(milliseconds: number) {
      now = new Date(now.getTime() + milliseconds);
    },

    /** Units in the order of the tree: each after its parent. */
    async tree(branches: readonly Branch[]) {
      const below = (code: string): Branch[] => branches.filter(({ parent }) => parent === code);
      let edge = 0;
      const place = async (branch: Branch, parentId: bigint | null, depth: number): Promise<void> => {
        const lft = ++edge;
        const size = (code: string): number => below(code).reduce((sum, child) => sum + size(child.code), 1);
        const { id } = await db.unit.create({
          data: {
            code: branch.code,
            name: branch.code,
            kind: branch.kind ?? "enterprise",
            status: branch.status ?? "active",
            parentId,
            depth,
            lft,
            rgt: lft + size(branch.code) * 2 - 1,
          },
        });
        for (const child of below(branch.code)) await place(child, id, depth + 1);
        edge += 1;
      };
      for (const root of branches.filter(({ parent }) => parent === undefined)) await place(root, null, 0);
    },

    /** A person with posts such as "shop:principal" or "shop:deputy:principal"; without an account when `alone`. */
    async person(name: string, posts: readonly string[], { alone = false } = {}) {
      const uid = randomUUID();
      const { cells, wrapped } = keys.newPerson(uid);
      const chat = `chat-${name}`;
      addresses.set(name, chat);
      const account = {
        platform: "web",
        addressCell: cells.seal("account.address_cell", chat),
        addressIndex: keys.index("address", chat),
      };
      const placed = await Promise.all(
        posts.map(async (text) => {
          const [code = "", ...rest] = text.split(":");
          const office = parsePost(rest.join(":")) ?? { post: "principal" as PostName, deputy: false };
          return { ...office, unitId: (await db.unit.findUniqueOrThrow({ where: { code } })).id };
        }),
      );
      await db.person.create({
        data: {
          uid,
          nameCell: cells.seal("person.name_cell", name),
          nameIndex: keys.index("name", name),
          key: { create: { wrapped } },
          ...(alone ? {} : { accounts: { create: [account] } }),
          posts: { create: placed },
        },
      });
    },

    async publish(ask: Ask) {
      const draft = await drafted(ask);
      const done = await publishNotice(parts, draft, null);
      if (done.kind !== "published") throw new Error(done.kind);
      return draft.number;
    },
    recall: (number: string, reason = "日期写错了") => recallNotice(parts, number, reason, { dryRun: false }),
    /** Publishes a new version; returns its number, and what came of it. */
    async supersede(replaces: string, ask: Ask, askAgain = false) {
      const draft = await drafted(ask);
      const done = await supersedeNotice(parts, { replaces, draft, askAgain });
      if (done.kind !== "superseded") throw new Error(done.kind);
      return { number: draft.number, ...done };
    },
    async previewSupersession(replaces: string, ask: Ask) {
      const found = await previewSupersession(parts, { replaces, draft: await drafted(ask), askAgain: false });
      if (found.kind !== "preview") throw new Error(found.kind);
      return found;
    },
    /** Everything that waits is sent, as a dispatcher would; `ref` is the message's. */
    sendAll: () =>
      db.$executeRaw`UPDATE "delivery" SET "state" = 'sent', "ref" = 'm' || "id", "sent_at" = ${now}, "drawn_rev" = "wanted_rev"
                     WHERE "state" = 'pending'`,
    /** What a person's card of a notice, or another message about it, shows now. */
    async shows(name: string, number: string, kind = "notice") {
      const id = await messageOf(name, number, kind);
      return id === null ? null : ((await draw([id])).get(id) ?? null);
    },

    acknowledge: async (name: string, number: string, words: string | null = null) =>
      send(name, {
        kind: "press",
        action: { do: "acknowledge", ...(await cardOf(name, number)) },
        text: words,
        ref: null,
      }),
    takeBack: async (name: string, number: string) =>
      send(name, {
        kind: "press",
        action: { do: "take-back", ...(await cardOf(name, number)) },
        text: null,
        ref: null,
      }),
    /** A tap of `name` on the card that was sent to `other`. */
    tapForeign: async (name: string, other: string, number: string) =>
      send(name, {
        kind: "press",
        action: { do: "acknowledge", ...(await cardOf(other, number)) },
        text: null,
        ref: null,
      }),
    async answerFor(name: string, code: string, number: string, reason: string | null) {
      const owed = await db.obligation.findFirstOrThrow({ where: { unit: { code }, notice: { number } } });
      const action = { do: "proxy", obligation: owed.id as never, generation: owed.generation } as const;
      await send(name, { kind: "press", action, text: reason, ref: null });
    },
    send,

    /** The figures of a notice, and its units one word each: who has done what. */
    async stands(number: string) {
      const found = await coverage.coverage(number, now);
      if (!found) throw new Error(`no notice ${number}`);
      return found;
    },
    coverage,

    /** What a person was told besides notices, oldest first. */
    async told(name: string): Promise<readonly string[]> {
      const rows = await db.$queryRaw<{ phrase: { key: string } | null; kind: string }[]>`
        SELECT d."phrase", d."kind" FROM "delivery" d JOIN "account" a ON a."id" = d."account_id"
        WHERE d."kind" <> 'notice' AND a."address_index" = ${keys.index("address", addresses.get(name) ?? "")} ORDER BY d."id"`;
      return rows.map(({ phrase, kind }) => phrase?.key ?? kind);
    },
  };
};

export type World = ReturnType<typeof world>;
