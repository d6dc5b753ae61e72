import type { PersonId } from "../domain/ids.ts";
import type { Post, PostName } from "../domain/post.ts";
import type { Clock } from "../ports/clock.ts";
import type { Keys } from "../ports/keys.ts";
import type { AccessStore } from "../ports/store/access-store.ts";
import type { PeopleStore } from "../ports/store/people-store.ts";

/** A personal link is good for seven days. */
export const LINK_DAYS = 7;

export interface LinkParts {
  readonly people: PeopleStore;
  readonly access: AccessStore;
  readonly keys: Pick<Keys, "newToken">;
  readonly clock: Clock;
}

export interface PersonalLink {
  readonly name: string;
  readonly post: PostName;
  readonly deputy: boolean;
  /** Where it leads, below the service's own address. */
  readonly path: string;
  readonly expiresAt: Date;
}

type Office = Pick<Post, "post" | "deputy"> | null;

/** Each person once, by the first office they hold here. */
const onePerPerson = <Holder extends { readonly person: PersonId }>(holders: readonly Holder[]): readonly Holder[] =>
  [...new Map([...holders].reverse().map((holder) => [holder.person, holder])).values()].reverse();

/** A one-time link for each of these people, in their order. */
export const linksFor = async (
  { access, keys, clock }: Pick<LinkParts, "access" | "keys" | "clock">,
  people: readonly PersonId[],
): Promise<readonly Pick<PersonalLink, "path" | "expiresAt">[]> => {
  const expiresAt = new Date(clock.real().getTime() + LINK_DAYS * 86_400_000);
  const made = people.map((person) => ({ person, ...keys.newToken() }));
  await access.addLinks(
    made.map(({ person, hash }) => ({ person, tokenHash: hash })),
    expiresAt,
  );
  return made.map(({ token }) => ({ path: `/chat/enter/${token}`, expiresAt }));
};

/** One-time personal links to the web chat for the holders in a unit. Null for an unknown unit. */
export const issueLinks = async (
  parts: LinkParts,
  code: string,
  office: Office,
): Promise<readonly PersonalLink[] | null> => {
  const found = await parts.people.holders(code, office);
  if (!found) return null;
  const holders = onePerPerson(found);
  const links = await linksFor(
    parts,
    holders.map(({ person }) => person),
  );
  return holders.flatMap(({ name, post, deputy }, place) => {
    const link = links[place];
    return link ? { name, post, deputy, ...link } : [];
  });
};

/** Ends the links and sessions of the holders in a unit; returns how many there were. Null for an unknown unit. */
export const revokeLinks = async (
  { people, access }: LinkParts,
  code: string,
  office: Office,
): Promise<number | null> => {
  const holders = await people.holders(code, office);
  return holders && access.revoke(onePerPerson(holders).map(({ person }) => person));
};
