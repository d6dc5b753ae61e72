import type { IdSet } from "../domain/id-set.ts";
import type { PostName } from "../domain/post.ts";
import type { Keys } from "../ports/keys.ts";
import type { Holder, RosterStore } from "../ports/store/roster-store.ts";

/** An office on record that the people files do not name any more. */
export interface Office {
  readonly unit: string;
  readonly unitName: string;
  readonly post: PostName;
  readonly deputy: boolean;
  readonly name: string;
}

export interface Offices {
  readonly count: number;
  /** The first of them, in the order of the tree. */
  readonly some: readonly Office[];
}

/** Where offices that are not named are looked for. */
export interface Reach {
  /** The units that the people files name. */
  readonly covered: ReadonlySet<string>;
  /** The units whose people the files name completely: whoever is not named there has left. */
  readonly complete: ReadonlySet<string>;
}

export interface Leavers {
  readonly ended: readonly { readonly id: bigint; readonly unit: string }[];
  readonly missing: readonly bigint[];
  /** Of those that are missing, `missing` holds the first thousand. */
  readonly missingCount: number;
}

/** More than this nobody reads. */
const MOST_KEPT = 1000;
const NAMELESS = "—";

async function* allPosts(roster: Pick<RosterStore, "posts">) {
  for (let page = await roster.posts(0n); page.length > 0; page = await roster.posts(page.at(-1)?.id ?? 0n))
    yield* page;
}

/** Goes through all offices on record once. `kept` are those that the files name. */
export const findLeavers = async (
  roster: Pick<RosterStore, "posts">,
  kept: IdSet,
  { covered, complete }: Reach,
): Promise<Leavers> => {
  const ended: { id: bigint; unit: string }[] = [];
  const missing: bigint[] = [];
  let missingCount = 0;
  if (covered.size + complete.size === 0) return { ended, missing, missingCount };
  for await (const post of allPosts(roster)) {
    if (kept.has(post.id)) continue;
    if (complete.has(post.unit)) ended.push(post);
    else if (covered.has(post.unit) && missingCount++ < MOST_KEPT) missing.push(post.id);
  }
  return { ended, missing, missingCount };
};

const officeOf = (keys: Pick<Keys, "person">, { uid, nameCell, wrapped, ...office }: Holder): Office => ({
  ...office,
  name: wrapped ? keys.person(uid, wrapped).open("person.name_cell", nameCell) : NAMELESS,
});

/** The first of these offices with the names of their holders. */
export const officesOf = async (
  { roster, keys }: { readonly roster: Pick<RosterStore, "holders">; readonly keys: Pick<Keys, "person"> },
  posts: readonly bigint[],
  count: number,
): Promise<Offices> => {
  const holders = posts.length > 0 ? await roster.holders(posts.slice(0, MOST_KEPT)) : [];
  return { count, some: holders.map((holder) => officeOf(keys, holder)) };
};
