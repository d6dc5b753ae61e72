import type { PersonId } from "../../../src/domain/ids.ts";
import type { Keys } from "../../../src/ports/keys.ts";
import type { Db } from "../../../src/store/client.ts";

export interface Person {
  readonly name: string;
  readonly unit: string;
  readonly locale?: string | null;
  readonly large?: boolean;
}

/** A person who answers for a unit; the unit is made where it is missing. */
export const addPerson = async (db: Db, keys: Keys, who: Person): Promise<PersonId> => {
  const { name, unit, locale = "zh-CN", large = false } = who;
  const uid = crypto.randomUUID();
  const { cells, wrapped } = keys.newPerson(uid);
  const root = await db.unit.findFirst({ where: { parentId: null } });
  const units = await db.unit.count();
  const place = { lft: units * 2 + 1, rgt: units * 2 + 2, depth: root ? 1 : 0, parentId: root?.id ?? null };
  const held = await db.unit.upsert({
    where: { code: unit },
    create: { code: unit, name: unit, kind: "enterprise", ...place },
    update: {},
  });
  const made = await db.person.create({
    data: {
      ...{ uid, locale, largeType: large },
      nameCell: cells.seal("person.name_cell", name),
      nameIndex: keys.index("name", name),
      key: { create: { wrapped } },
      posts: { create: { unitId: held.id, post: "principal" } },
    },
  });
  return made.id as PersonId;
};
