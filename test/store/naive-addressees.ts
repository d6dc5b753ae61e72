import type { Audience } from "../../src/domain/audience.ts";
import { namesPost } from "../../src/domain/audience.ts";
import type { Closing } from "../../src/domain/notice.ts";
import type { PostName } from "../../src/domain/post.ts";
import { isMeant } from "./naive-audience.ts";
import type { Roster, RosterPost, RosterUnit } from "./rosters.ts";

/** A unit that is meant and who is asked for it; null where nobody can be. */
interface Meant {
  readonly unit: RosterUnit;
  readonly holder: RosterPost | null;
}

export interface Expected {
  readonly units: number;
  readonly excluded: number;
  readonly obligations: readonly string[];
  readonly asked: readonly string[];
  readonly deliveries: readonly string[];
}

/** The account over which a person is reached: the first that works, of the platform preferred most. */
const reach = ({ accounts }: Roster, platforms: readonly string[], person: number): number | null => {
  for (const platform of platforms) {
    const at = accounts.findIndex((one) => one.person === person && one.platform === platform && !one.gone);
    if (at >= 0) return at;
  }
  return null;
};

const firstOf = (posts: readonly RosterPost[], isReached: (person: number) => boolean): RosterPost | null => {
  const byPerson = posts.toSorted((a, b) => a.person - b.person);
  const holders = byPerson.filter(({ deputy }) => !deputy);
  const deputies = byPerson.filter(({ deputy }) => deputy);
  const inOrder = [
    ...holders.filter(({ person }) => isReached(person)),
    ...deputies.filter(({ person }) => isReached(person)),
    ...holders,
    ...deputies,
  ];
  return inOrder[0] ?? null;
};

/** Who answers for a unit: as the contract tells it, office by office. */
const answerer = (roster: Roster, at: number, isReached: (person: number) => boolean): RosterPost | null => {
  const order: readonly PostName[] = ["principal", "official", "safety_manager", "liaison"];
  const held = (post: PostName) => roster.posts.filter((one) => one.unit === at && one.post === post);
  const filled = order.find((post) => held(post).some(({ deputy }) => !deputy));
  // Where no office is filled, a deputy alone still stands in.
  const post = filled ?? order.find((office) => held(office).length > 0);
  return post ? firstOf(held(post), isReached) : null;
};

/** The words of an audience name an office somewhere. */
const speaks = (audience: Audience, post: PostName): boolean =>
  audience.kind === "post"
    ? audience.value === post
    : "of" in audience && [audience.of].flat().some((part) => speaks(part as Audience, post));

const holdersIn = (roster: Roster, audience: Audience, unit: RosterUnit, at: number): readonly Meant[] => {
  const meant = roster.posts.filter(
    (post) =>
      post.unit === at &&
      !post.deputy &&
      (post.post !== "worker" || speaks(audience, "worker")) &&
      isMeant(roster, audience, unit, post),
  );
  const people = [...new Set(meant.map(({ person }) => person))];
  return people.map((person) => ({ unit, holder: meant.find((post) => post.person === person) ?? null }));
};

const sorted = (rows: readonly string[]): readonly string[] => [...rows].sort();

/** What a publication should write, row by row, by codes and places. */
export const expected = (
  roster: Roster,
  audience: Audience,
  closing: Closing,
  platforms: readonly string[],
): Expected => {
  const isReached = (person: number) => reach(roster, platforms, person) !== null;
  const meant = roster.units.flatMap((unit, at): readonly Meant[] => {
    if (namesPost(audience)) return holdersIn(roster, audience, unit, at);
    return isMeant(roster, audience, unit, null) ? [{ unit, holder: answerer(roster, at, isReached) }] : [];
  });
  const open = meant.filter(({ unit }) => unit.status !== "closed");
  const closed = meant.filter(({ unit }) => unit.status === "closed");
  const people = ({ unit }: Meant) => meant.filter((one) => one.unit === unit && one.holder).length;
  const owed = (one: Meant): string => {
    const state = one.unit.status === "closed" ? "excused" : "open";
    if (closing.kind === "everyone") return `${one.unit.code} ${one.holder?.person ?? "-"} 1 ${state}`;
    const needed = closing.kind === "quorum" ? Math.max(1, Math.min(closing.needed, people(one))) : 1;
    return `${one.unit.code} - ${needed} ${state}`;
  };
  const firstUnit = new Map<number, Meant>();
  for (const one of open.toSorted((a, b) => a.unit.lft - b.unit.lft))
    if (one.holder && !firstUnit.has(one.holder.person)) firstUnit.set(one.holder.person, one);
  return {
    units: new Set(open.map(({ unit }) => unit.code)).size,
    excluded: new Set(closed.map(({ unit }) => unit.code)).size,
    obligations: sorted([...new Set(meant.map(owed))]),
    asked: sorted(
      open.flatMap(({ unit, holder }) =>
        holder ? [`${unit.code} ${holder.person} ${holder.deputy ? "deputy:" : ""}${holder.post}`] : [],
      ),
    ),
    deliveries: sorted(
      [...firstUnit].map(([person, { unit }]) => {
        const account = reach(roster, platforms, person);
        const wasReached = roster.accounts.some((one) => one.person === person && one.gone);
        const why = wasReached ? "account-gone" : "no-account";
        return `${person} ${unit.code} ${account === null ? `gone ${why}` : `pending ${account}`}`;
      }),
    ),
  };
};
