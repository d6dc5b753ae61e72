import { randomUUID } from "node:crypto";
import { LANES, type Lane } from "../../src/domain/delivery.ts";
import type { DeliveryId } from "../../src/domain/ids.ts";
import type { PlatformName } from "../../src/domain/platform.ts";
import type { Keys } from "../../src/ports/keys.ts";
import type { Db } from "../../src/store/client.ts";

export interface Recipient {
  readonly person: bigint;
  readonly account: bigint;
  readonly chat: string;
}

const NOTICE = { title: "汛期安全检查", body: "请您今天查一遍消防通道。\n\n- 出口\n- 灯\n" };

/** Rows that deliveries need, made in sets: one unit, people with an account each, notices, messages to them. */
export const office = (db: Db, keys: Keys, code = "1") => {
  const root = async (): Promise<bigint> => {
    const unit = { name: "某县", kind: "authority", lft: 1, rgt: 2, depth: 0 };
    return (await db.unit.upsert({ where: { code }, create: { code, ...unit }, update: {} })).id;
  };

  return {
    async people(platform: PlatformName, chats: readonly string[]): Promise<readonly Recipient[]> {
      const rows = chats.map((chat, at) => {
        const uid = randomUUID();
        const { cells, wrapped } = keys.newPerson(uid);
        const name = `周建国${at}`;
        return {
          uid,
          wrapped,
          name: cells.seal("person.name_cell", name),
          nameIndex: keys.index("name", name),
          address: cells.seal("account.address_cell", chat),
          addressIndex: keys.index("address", chat),
        };
      });
      const people = await db.$queryRaw<{ id: bigint; uid: string }[]>`
        INSERT INTO "person" ("uid", "name_cell", "name_index")
        SELECT * FROM unnest(${rows.map((row) => row.uid)}::text[], ${rows.map((row) => row.name)}::bytea[],
                             ${rows.map((row) => row.nameIndex)}::bytea[])
        RETURNING "id", "uid"`;
      const ids = new Map(people.map(({ id, uid }) => [uid, id]));
      const persons = rows.map(({ uid }) => ids.get(uid) as bigint);
      await db.$executeRaw`
        INSERT INTO "person_key" ("person_id", "wrapped")
        SELECT * FROM unnest(${persons}::bigint[], ${rows.map((row) => row.wrapped)}::bytea[])`;
      const accounts = await db.$queryRaw<{ id: bigint; person_id: bigint }[]>`
        INSERT INTO "account" ("person_id", "platform", "address_cell", "address_index")
        SELECT p, ${platform}, c, i
        FROM unnest(${persons}::bigint[], ${rows.map((row) => row.address)}::bytea[],
                    ${rows.map((row) => row.addressIndex)}::bytea[]) AS r(p, c, i)
        RETURNING "id", "person_id"`;
      const accountOf = new Map(accounts.map(({ id, person_id }) => [person_id, id]));
      return persons.map((person, at) => ({
        person,
        account: accountOf.get(person) as bigint,
        chat: chats[at] as string,
      }));
    },

    async notice(at: Date, urgency: "routine" | "flash" = "routine"): Promise<bigint> {
      const number = (await db.notice.count()) + 1;
      const { id } = await db.notice.create({
        data: {
          number: `某安委办〔2026〕${number}号`,
          issuerId: await root(),
          urgency,
          ack: "read",
          closing: "each-unit",
          audience: "all",
          reminders: [],
          contentHash: "00",
          locale: "zh-CN",
          seconds: 20,
          publishedAt: at,
          texts: { create: { locale: "zh-CN", hash: String(number), ...NOTICE } },
        },
      });
      return id;
    },

    /** A message of a notice to each of these, in the order given. */
    async deliver(to: readonly Recipient[], notice: bigint, lane: Lane, at: Date): Promise<readonly DeliveryId[]> {
      const rows = await db.$queryRaw<{ id: DeliveryId }[]>`
        INSERT INTO "delivery" ("notice_id", "person_id", "kind", "unit_id", "account_id", "platform", "lane", "at")
        SELECT ${notice}, r.p, 'notice', ${await root()}, a."id", a."platform", ${LANES.indexOf(lane)}::smallint, ${at}::timestamptz
        FROM unnest(${to.map(({ person }) => person)}::bigint[], ${to.map(({ account }) => account)}::bigint[])
          WITH ORDINALITY AS r(p, a, n) JOIN "account" a ON a."id" = r.a
        ORDER BY r.n RETURNING "id"`;
      return rows.map(({ id }) => id);
    },

    /** A short answer to each of these. */
    async reply(to: readonly Recipient[], at: Date): Promise<readonly DeliveryId[]> {
      const rows = await db.$queryRaw<{ id: DeliveryId }[]>`
        INSERT INTO "delivery" ("person_id", "kind", "slot", "account_id", "platform", "lane", "at", "phrase")
        SELECT a."person_id", 'reply', ${randomUUID()}, a."id", a."platform", 1, ${at}::timestamptz,
               '{"key": "reply.help", "values": {}}'::jsonb
        FROM "account" a WHERE a."id" = ANY (${to.map(({ account }) => account)}::bigint[]) RETURNING "id"`;
      return rows.map(({ id }) => id);
    },

    /** How many deliveries stand where. */
    async states(): Promise<Readonly<Record<string, number>>> {
      const rows = await db.$queryRaw<{ state: string; count: number }[]>`
        SELECT "state", count(*)::int AS "count" FROM "delivery" GROUP BY "state" ORDER BY "state"`;
      return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
    },

    row: (id: DeliveryId) => db.delivery.findUniqueOrThrow({ where: { id } }),
  };
};
