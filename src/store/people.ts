import type { PersonId } from "../domain/ids.ts";
import type { PostName } from "../domain/post.ts";
import type { Keys } from "../ports/keys.ts";
import type { PeopleStore } from "../ports/store/people-store.ts";
import type { Db } from "./client.ts";

export const peopleStore = (db: Db, keys: Keys): PeopleStore => ({
  async holders(code, post) {
    const unit = await db.unit.findUnique({ where: { code }, select: { id: true } });
    if (!unit) return null;
    const posts = await db.post.findMany({
      where: { unitId: unit.id, ...(post ?? {}) },
      orderBy: { id: "asc" },
      select: { post: true, deputy: true, person: { select: { id: true, uid: true, nameCell: true, key: true } } },
    });
    // A person whose key was dropped is erased: nobody to show, nothing to send.
    return posts.flatMap(({ post, deputy, person: { id, uid, nameCell, key } }) =>
      key
        ? {
            person: id as PersonId,
            name: keys.person(uid, key.wrapped).open("person.name_cell", nameCell),
            post: post as PostName,
            deputy,
          }
        : [],
    );
  },
});
