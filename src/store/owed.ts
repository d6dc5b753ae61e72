import type { Locale } from "../domain/language.ts";
import { localeOf } from "../domain/language.ts";
import type { Keys } from "../ports/keys.ts";
import type { OwedStore } from "../ports/store/owed-store.ts";
import type { Db } from "./client.ts";
import { todoOf } from "./view-parts.ts";
import { todoRows } from "./view-rows.ts";

interface Reader {
  readonly id: bigint;
  readonly uid: string;
  readonly locale: string | null;
  readonly name_cell: Uint8Array;
  readonly wrapped: Uint8Array;
  readonly gone: boolean;
}

export const owedStore = (db: Db, keys: Keys, fallback: Locale): OwedStore => ({
  async of({ platform, chat }) {
    const [reader] = await db.$queryRaw<Reader[]>`
      SELECT p."id", p."uid", p."locale", p."name_cell", k."wrapped", a."gone" IS NOT NULL AS "gone"
      FROM "account" a JOIN "person" p ON p."id" = a."person_id" JOIN "person_key" k ON k."person_id" = p."id"
      WHERE a."platform" = ${platform} AND a."address_index" = ANY (${[...keys.indexes("address", chat)]}::bytea[])
        AND a."gone" IS DISTINCT FROM 'replaced' AND NOT EXISTS (SELECT FROM "guest" g WHERE g."person_id" = p."id")`;
    if (!reader) return null;
    const locale = localeOf(reader.locale) ?? fallback;
    const todo = await todoRows(db, [{ person: reader.id, locale }]);
    const name = keys.person(reader.uid, reader.wrapped).open("person.name_cell", reader.name_cell);
    return { reader: { name, locale }, todo: todo.map(todoOf), gone: reader.gone };
  },
});
