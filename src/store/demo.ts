import type { PersonId } from "../domain/ids.ts";
import type { Keys } from "../ports/keys.ts";
import type { DemoStore, Happening } from "../ports/store/demo-store.ts";
import type { Db } from "./client.ts";

const CLOCK = "demo-clock";

export const demoStore = (db: Db, keys: Keys): DemoStore => ({
  recent: (limit) =>
    db.$queryRaw<Happening[]>`
      SELECT o."fulfilled_at" AS "at", u."name" AS "unitName", n."number", n."ack", o."fulfilled_how" AS "how",
             coalesce(p."name", u."name") AS "above",
             (SELECT count(DISTINCT other."unit_id")::int FROM "obligation" other JOIN "unit" s ON s."id" = other."unit_id"
              WHERE other."notice_id" = o."notice_id" AND other."state" = 'open' AND s."parent_id" = u."parent_id") AS "left"
      FROM (SELECT own.* FROM "obligation" own JOIN "notice" its ON its."id" = own."notice_id"
            WHERE own."state" = 'fulfilled' AND own."fulfilled_at" >= its."published_at"
            ORDER BY own."fulfilled_at" DESC, own."id" DESC LIMIT ${limit}) o
      JOIN "unit" u ON u."id" = o."unit_id" LEFT JOIN "unit" p ON p."id" = u."parent_id"
      JOIN "notice" n ON n."id" = o."notice_id"
      ORDER BY o."fulfilled_at" DESC, o."id" DESC`,

  async waiting(except) {
    const played = except.flatMap((chat) => [...keys.indexes("address", chat)]);
    const rows = await db.$queryRaw<{ person: bigint }[]>`
      SELECT DISTINCT k."person_id" AS "person" FROM "asked" k JOIN "obligation" o ON o."id" = k."obligation_id"
      JOIN "account" a ON a."person_id" = k."person_id" AND a."platform" = 'web'
      WHERE o."state" = 'open' AND NOT a."address_index" = ANY (${played}::bytea[])`;
    return rows.map(({ person }) => person as PersonId);
  },

  async chatOf(code, name) {
    const found = await db.person.findFirst({
      where: { posts: { some: { unit: { code } } }, nameIndex: { in: [...keys.indexes("name", name)] } },
      select: { uid: true, key: true, accounts: { where: { platform: "web" }, take: 1 } },
    });
    const [account] = found?.accounts ?? [];
    if (!found?.key || !account) return null;
    return keys.person(found.uid, found.key.wrapped).open("account.address_cell", account.addressCell);
  },

  async seat(code, name, { platform, chat }) {
    const { id, uid, key } = await db.person.findFirstOrThrow({
      where: { posts: { some: { unit: { code } } }, nameIndex: { in: [...keys.indexes("name", name)] } },
      include: { key: true },
    });
    if (!key) throw new Error("who was erased has no address");
    const addressCell = new Uint8Array(keys.person(uid, key.wrapped).seal("account.address_cell", chat));
    await db.account.create({
      data: { personId: id, platform, addressCell, addressIndex: keys.index("address", chat) },
    });
  },

  async isBusy(platform, now) {
    const [row] = await db.$queryRaw<{ busy: boolean }[]>`
      SELECT EXISTS (SELECT FROM "inbound" WHERE "state" = 'pending') OR EXISTS (
        SELECT FROM "delivery" d WHERE d."platform" = ${platform} AND d."at" <= ${now}::timestamptz
          AND (d."state" IN ('pending', 'sending') OR d."wanted_rev" > d."drawn_rev" AND d."state" IN ('sent', 'delivered', 'seen')))
        AS "busy"`;
    return row?.busy ?? false;
  },

  async clock() {
    const kept = await db.setting.findUnique({ where: { key: CLOCK } });
    return kept && new Date(kept.value);
  },

  async keepClock(at) {
    const value = at.toISOString();
    await db.setting.upsert({ where: { key: CLOCK }, create: { key: CLOCK, value }, update: { value } });
  },
});
