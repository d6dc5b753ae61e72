import { randomUUID } from "node:crypto";
import { calendarsOf } from "../../src/calendar/calendars.ts";
import { plainText } from "../../src/domain/content.ts";
import { parseDue } from "../../src/domain/due.ts";
import type { DeliveryId } from "../../src/domain/ids.ts";
import { parseReminders } from "../../src/domain/ladder.ts";
import type { NoticeDraft } from "../../src/domain/notice.ts";
import { parseMarkdown } from "../../src/files/markdown.ts";
import { openKeys } from "../../src/keys/keys.ts";
import { contentHash } from "../../src/ledger/content-hash.ts";
import { entryBytes } from "../../src/ledger/entry-bytes.ts";
import { speaker } from "../../src/locale/speaker.ts";
import { wording } from "../../src/locale/wording.ts";
import type { Incoming } from "../../src/ports/chat-platform.ts";
import { answering } from "../../src/services/answer.ts";
import { chaseDue } from "../../src/services/chase.ts";
import { drawing } from "../../src/services/draw.ts";
import { publishNotice } from "../../src/services/publish-notice.ts";
import { recallNotice } from "../../src/services/recall-notice.ts";
import type { Db } from "../../src/store/client.ts";
import { openStores } from "../../src/store/stores.ts";
import { rootKey } from "../keys/root-key.ts";
import { testLog } from "../setup/log.ts";

export interface Ask {
  readonly number: string;
  readonly audience: string;
  readonly urgency?: NoticeDraft["urgency"];
  readonly ack?: NoticeDraft["ack"];
  readonly due?: string;
  readonly closing?: NoticeDraft["closing"];
  readonly reminders?: string | readonly string[];
}

/** A message as its person sees it, and when it came. */
export interface Seen {
  readonly kind: string;
  readonly at: Date;
  readonly words: string;
}

const HOUR = 3_600_000;

/**
 * The real services on a real database, and a clock that leaps from one thing that is due to the next: the mechanism that
 * runs in service, in as little time as it takes. Messages are "sent" as soon as they may be, and drawn when they are.
 */
export const clockWorld = (db: Db, from: string, zone = "Asia/Shanghai") => {
  const keys = openKeys(rootKey(1));
  const log = testLog();
  let now = new Date(from);
  const clock = { now: () => now, real: () => now };
  const stores = openStores(db, { keys, entryBytes, parse: parseMarkdown, wording, locale: "zh-CN" });
  const platforms = ["web"] as const;
  const queue = { hint: async () => {} };
  const calendars = async () => calendarsOf(await stores.calendars.overrides(), zone);
  const draw = drawing({ deliveries: stores.deliveries, clock, card: speaker(clock.now, zone).card });
  const { answers, deliveries, drafts, enrolments, inbound } = stores;
  const answer = answering({ inbound, answers, deliveries, drafts, enrolments, keys, platforms, clock, log });

  /** As a dispatcher does: what may go now is drawn now; what is of no use any more does not go. */
  const sendAll = async (): Promise<void> => {
    const lease = { id: randomUUID(), until: new Date(now.getTime() + HOUR) };
    const times = { now, real: now };
    for (const stream of ["urgent", "reply", "bulk"] as const)
      for (;;) {
        const claimed = await deliveries.claim({ platform: "web", stream, limit: 500, lease }, times);
        if (claimed.length === 0) break;
        const cards = await draw(claimed.map(({ id }) => id));
        const may = new Set((await deliveries.begin(claimed, times)).map(({ id }) => id));
        await deliveries.settle(
          claimed.map((delivery) => ({
            delivery,
            shownLocale: null,
            next: !may.has(delivery.id)
              ? { kind: "returned" as const }
              : cards.get(delivery.id)
                ? { kind: "drawn" as const, ref: `m${delivery.id}` }
                : { kind: "moot" as const },
          })),
          times,
        );
      }
  };
  const tick = async () => {
    const done = await chaseDue({ chase: stores.chase, calendars, queue, platforms, clock, log });
    await sendAll();
    await stores.chase.told(now);
    return done;
  };
  /** The next moment at which anything is due, by the database and by the calendars. */
  const next = async (): Promise<Date> => {
    const turns = (await calendars()).map(({ calendar }) => calendar.nextTurn(now).getTime());
    const [coming] = await stores.chase.coming(now, new Date(Math.min(...turns)));
    return new Date(Math.min(coming?.getTime() ?? Number.POSITIVE_INFINITY, ...turns));
  };

  const world = {
    ...{ db, stores, clock, log, keys, tick, calendars },
    now: () => now,
    /** Leaps to a moment, as a machine that slept does. */
    leap: async (to: string | Date) => {
      now = new Date(to);
      return tick();
    },
    /** Lives through everything up to a moment. */
    async until(to: string) {
      const end = new Date(to);
      for (let at = await next(); at < end; at = await next()) {
        now = at;
        await tick();
      }
      now = end;
      await tick();
    },

    async publish({ number, audience, due = "1wd", urgency = "priority", ack = "undertake", ...rest }: Ask) {
      const words = { number, locale: "zh-CN", title: "国庆节前安全防范", body: "请您查一遍通道。" } as const;
      const read = parseReminders(rest.reminders ?? "standard");
      if ("wrong" in read) throw new Error(read.wrong);
      const { code } = await db.unit.findFirstOrThrow({ where: { parentId: null } });
      const draft: NoticeDraft = {
        ...{ number, issuerCode: code, urgency, ack, due: parseDue(due), audience, reminders: read.rungs },
        closing: rest.closing ?? { kind: "each-unit" },
        texts: [{ locale: words.locale, title: words.title, body: words.body, hash: contentHash.text(words) }],
        contentHash: contentHash.text(words),
      };
      const parts = { notices: stores.notices, calendars, clock, parse: parseMarkdown, platforms, queue };
      const done = await publishNotice(parts, draft, null);
      if (done.kind !== "published") throw new Error(done.kind);
      await tick();
      return done;
    },

    recall: (number: string) =>
      recallNotice({ amends: stores.amends, hash: contentHash, clock, queue, platforms }, number, "日期写错了", {
        dryRun: false,
      }),

    async hears(chat: string, what: Incoming["what"]) {
      const sent = { id: randomUUID(), from: { platform: "web", chat }, language: null, what } as const;
      await inbound.put(sent, { now, real: now });
      while ((await answer()) > 0);
      await sendAll();
    },
    /** Presses ✅ on the card of a notice. */
    async taps(chat: string, number: string, deed: "acknowledge" | "take-back" = "acknowledge") {
      const card = await db.delivery.findFirstOrThrow({
        where: { kind: "notice", notice: { number }, account: { addressIndex: keys.index("address", chat) } },
      });
      const action = { do: deed, delivery: card.id as DeliveryId, round: card.round } as const;
      await world.hears(chat, { kind: "press", action, text: null, ref: null });
    },
    /** Answers for a unit, with a reason. */
    async answersFor(chat: string, code: string, number: string) {
      const owed = await db.obligation.findFirstOrThrow({ where: { unit: { code }, notice: { number } } });
      const action = { do: "proxy", obligation: owed.id as never, generation: owed.generation } as const;
      await world.hears(chat, { kind: "press", action, text: "电话里说好了", ref: null });
    },

    /** What people were sent, of these kinds, in a stretch of time. */
    sent: (kinds: readonly string[], after: string, before: string) => db.$queryRaw<
      { kind: string; person: bigint; unit: string; at: Date }[]
    >`
      SELECT d."kind", d."person_id" AS "person", u."code" AS "unit", d."sent_at" AS "at" FROM "delivery" d LEFT JOIN "unit" u ON u."id" = d."unit_id"
      WHERE d."kind" = ANY (${[...kinds]}::text[]) AND d."ref" IS NOT NULL
        AND d."sent_at" >= ${new Date(after)}::timestamptz AND d."sent_at" < ${new Date(before)}::timestamptz ORDER BY d."id"`,
    /** What stands in a chat now, oldest first. */
    async shows(chat: string): Promise<readonly Seen[]> {
      const rows = await db.delivery.findMany({
        where: { account: { addressIndex: keys.index("address", chat) }, ref: { not: null } },
        orderBy: [{ sentAt: "asc" }, { id: "asc" }],
      });
      const cards = await draw(rows.map(({ id }) => id as DeliveryId));
      return rows.map((row) => {
        const card = cards.get(row.id as DeliveryId);
        const parts = card
          ? [card.standing?.words, card.title?.text, ...card.lines, card.content && plainText(card.content.short)]
              .concat(card.items.flatMap(({ title, detail }) => [title, detail ?? ""]))
              .concat([card.due?.words, ...card.notes])
          : [];
        return { kind: row.kind, at: row.sentAt ?? now, words: parts.filter(Boolean).join("\n") };
      });
    },
    buttons: async (chat: string) => {
      const row = await db.delivery.findFirstOrThrow({
        where: { account: { addressIndex: keys.index("address", chat) }, ref: { not: null } },
        orderBy: [{ sentAt: "desc" }, { id: "desc" }],
      });
      const card = (await draw([row.id as DeliveryId])).get(row.id as DeliveryId);
      return [...(card?.items ?? []).flatMap(({ button }) => button ?? []), ...(card?.buttons ?? [])];
    },
    stands: async (number: string) => {
      const found = await stores.coverage.coverage(number, now);
      if (!found) throw new Error(number);
      return found;
    },
  };
  return world;
};

export type ClockWorld = ReturnType<typeof clockWorld>;
