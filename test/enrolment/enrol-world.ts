import { randomBytes, randomUUID } from "node:crypto";
import { cardButtons, cardWords } from "../../src/dialogue/card-words.ts";
import type { Card } from "../../src/dialogue/screen.ts";
import type { Address } from "../../src/domain/address.ts";
import type { DeliveryId } from "../../src/domain/ids.ts";
import { invitationCode } from "../../src/domain/invitation-code.ts";
import { parsePost } from "../../src/domain/post.ts";
import { parseMarkdown } from "../../src/files/markdown.ts";
import { entryBytes } from "../../src/ledger/entry-bytes.ts";
import { speaker } from "../../src/locale/speaker.ts";
import { wording } from "../../src/locale/wording.ts";
import type { Incoming } from "../../src/ports/chat-platform.ts";
import { answering } from "../../src/services/answer.ts";
import { drawing } from "../../src/services/draw.ts";
import { enrolmentEntries } from "../../src/services/enrolment-entries.ts";
import { answerStore } from "../../src/store/answers.ts";
import type { Db } from "../../src/store/client.ts";
import { deliveryStore } from "../../src/store/deliveries.ts";
import { draftStore } from "../../src/store/drafts.ts";
import { enrolmentStore } from "../../src/store/enrolments.ts";
import { inboundStore } from "../../src/store/inbound.ts";
import { invitationStore } from "../../src/store/invitations.ts";
import { cardFaults } from "../dialogue/card-faults.ts";
import { world } from "../world.ts";

const DAY_MS = 86_400_000;
const PLATFORMS = ["telegram", "web"] as const;

/** People who write from Telegram to the real services on a real database; nothing is sent, and what would be is drawn. */
export const enrolWorld = (db: Db) => {
  const base = world(db);
  const { keys, log } = base;
  let ahead = 0;
  const clock = { now: base.clock.now, real: () => new Date(Date.now() + ahead) };
  const deliveries = deliveryStore(db, keys, { parse: parseMarkdown, wording, locale: "zh-CN" });
  const inbound = inboundStore(db, keys);
  const answers = answerStore(db, keys, entryBytes);
  const drafts = draftStore(db, keys, entryBytes);
  const enrolments = enrolmentStore(db, keys, entryBytes);
  const invitations = invitationStore(db, entryBytes);
  const answer = answering({
    inbound,
    answers,
    deliveries,
    drafts,
    enrolments,
    keys,
    platforms: PLATFORMS,
    clock,
    log,
  });
  const draw = drawing({ deliveries, clock, card: speaker(clock.now, "Asia/Shanghai").card });
  const times = () => ({ now: clock.now(), real: clock.real() });

  const workOff = async () => {
    while ((await answer()) > 0);
  };

  const talker = (from: Address, language: string) => {
    const send = async (what: Incoming["what"]) => {
      await inbound.put({ id: randomUUID(), from, language, what }, times());
      await workOff();
    };
    const cards = async (): Promise<readonly Card[]> => {
      const account = { platform: from.platform, addressIndex: keys.index("address", from.chat) };
      const rows = await db.delivery.findMany({ where: { account }, orderBy: [{ at: "asc" }, { id: "asc" }] });
      const drawn = await draw(rows.map(({ id }) => id as DeliveryId));
      return rows.flatMap(({ id }) => drawn.get(id as DeliveryId) ?? []);
    };
    const find = async (label: string) => {
      const all = (await cards()).flatMap(cardButtons);
      const button = all.findLast((each) => each.label === label);
      if (!button) throw new Error(`there is no button ${label} among ${all.map((each) => each.label).join(", ")}`);
      return { kind: "press", action: button.action, text: null, ref: null } as const;
    };
    return {
      send,
      cards,
      writes: (text: string) => send({ kind: "text", text }),
      starts: (argument: string) => send({ kind: "command", name: "start", argument }),
      commands: (name: string, argument = "") => send({ kind: "command", name, argument }),
      button: find,
      presses: async (label: string) => send(await find(label)),
      /** The last message: its words, and its buttons. */
      async sees() {
        const last = (await cards()).at(-1);
        if (!last) return null;
        return [
          cardWords(last),
          cardButtons(last)
            .map(({ label }) => `[${label}]`)
            .join(" "),
        ]
          .join("\n")
          .trim();
      },
      /** What breaks a rule of the cards. */
      faults: async () => (await cards()).flatMap(cardFaults),
      count: async () => (await cards()).length,
    };
  };

  return {
    ...base,
    db,
    drafts,
    enrolments,
    invitations,
    times,
    /** Moves real time. */
    wait: (ms: number) => {
      ahead += ms;
    },
    someone: (chat: string, language = "zh-CN") => talker({ platform: "telegram", chat }, language),
    /** Somebody who was enrolled with a web chat before. */
    known: (name: string) => talker({ platform: "web", chat: `chat-${name}` }, "zh-CN"),
    async invite(unit: string, office: string, { uses = 1, days = 7 } = {}) {
      const code = invitationCode(randomBytes(10));
      const expiresAt = new Date(clock.real().getTime() + days * DAY_MS);
      const post = parsePost(office) ?? { post: "worker", deputy: false };
      const one = { unit, ...post, codeHash: keys.tokenHash(code), uses, expiresAt };
      const added = await invitations.add([one], times());
      if (!("length" in added) || !added[0]) throw new Error(JSON.stringify(added));
      return { code, id: added[0].id };
    },
    how: () => ({ ...times(), platforms: PLATFORMS, entries: enrolmentEntries }),
    /** The kinds of entries that the ledger was told, without those about notices. */
    async told() {
      const rows = await db.ledgerInbox.findMany({ orderBy: { id: "asc" } });
      const entries = rows.map(
        ({ body }) => JSON.parse(Buffer.from(body).toString()) as { kind: string; subject: object },
      );
      return entries.filter(({ kind }) => kind !== "published");
    },
  };
};

export type EnrolWorld = ReturnType<typeof enrolWorld>;
