import type { Locale } from "./language.ts";
import type { PersonRow, RosterAccount, RosterPost } from "./roster-person.ts";

/** A person as all of their rows together tell. */
export interface RosterPerson {
  readonly name: string;
  readonly locale: Locale | null;
  readonly phone: string | null;
  readonly accounts: readonly RosterAccount[];
  readonly web: boolean;
  readonly posts: readonly RosterPost[];
}

const sameAccount = (a: RosterAccount, b: RosterAccount): boolean =>
  a.platform === b.platform && a.address === b.address;

export const samePost = (a: RosterPost, b: RosterPost): boolean =>
  a.unit === b.unit && a.post === b.post && a.deputy === b.deputy;

/** Both lists together, each thing once. */
const joined = <Thing>(
  some: readonly Thing[],
  others: readonly Thing[],
  same: (a: Thing, b: Thing) => boolean,
): readonly Thing[] => [...some, ...others.filter((other) => !some.some((each) => same(each, other)))];

/** One row more of the same person; what an earlier row says about them goes before. */
export const mergeRow = (person: RosterPerson | undefined, row: PersonRow): RosterPerson => {
  const { name, locale, phone, web, unit, post, deputy } = row;
  return {
    name: person?.name ?? name,
    locale: person?.locale ?? locale,
    phone: person?.phone ?? phone,
    accounts: joined(person?.accounts ?? [], row.accounts, sameAccount),
    web: (person?.web ?? false) || web,
    posts: joined(person?.posts ?? [], [{ unit, post, deputy }], samePost),
  };
};
