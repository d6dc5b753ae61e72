import type { PersonUid } from "../domain/ids.ts";
import { type RosterPerson, samePost } from "../domain/roster-merge.ts";
import type { RosterAccount } from "../domain/roster-person.ts";
import type { CellPlace, Indexed, Keys, PersonCells } from "../ports/keys.ts";
import type { FoundCell, RosterChange, StoredAccount, StoredPerson } from "../ports/store/roster-store.ts";
import type { ImportParts } from "./import-parts.ts";

type Parts = Pick<ImportParts, "keys" | "newUid" | "newWebAddress">;

const PLACES = {
  name: "person.name_cell",
  phone: "person.phone_cell",
  address: "account.address_cell",
} as const satisfies Record<Indexed, CellPlace>;

const closed = (keys: Keys, cells: PersonCells, what: Indexed, words: string): FoundCell => ({
  cell: cells.seal(PLACES[what], words),
  index: keys.index(what, words),
});

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at]);

const isNamed = (keys: Keys, accounts: readonly RosterAccount[], stored: StoredAccount): boolean =>
  accounts.some(
    ({ platform, address }) =>
      platform === stored.platform && keys.indexes("address", address).some((index) => sameBytes(index, stored.index)),
  );

/** The accounts that are not on record. The web has no address of its own to give: one is made, once. */
const newAccounts = (
  { keys, newWebAddress }: Parts,
  { accounts, web }: RosterPerson,
  stored: StoredPerson["accounts"],
): readonly RosterAccount[] => {
  const standing = stored.filter(({ replaced }) => !replaced);
  const isNewToWeb = web && !stored.some(({ platform }) => platform === "web");
  return [
    ...accounts.filter((account) => !standing.some((each) => isNamed(keys, [account], each))),
    ...(isNewToWeb ? [{ platform: "web", address: newWebAddress() } as const] : []),
  ];
};

/** The accounts whose place a new one on the same platform takes. */
const replacedAccounts = (
  { keys }: Parts,
  { accounts }: RosterPerson,
  stored: StoredPerson["accounts"],
  added: readonly RosterAccount[],
): readonly RosterChange[] =>
  stored
    .filter((each) => each.platform !== "web" && !each.replaced && !isNamed(keys, accounts, each))
    .filter(({ platform }) => added.some((account) => account.platform === platform))
    .map(({ id }): RosterChange => ({ kind: "replaced", account: id }));

const additions = (
  parts: Parts,
  person: RosterPerson,
  uid: PersonUid,
  cells: PersonCells,
  stored: Pick<StoredPerson, "accounts" | "posts">,
): readonly RosterChange[] => {
  const accounts = newAccounts(parts, person, stored.accounts);
  const account = ({ platform, address }: RosterAccount): RosterChange => ({
    kind: "account",
    uid,
    platform,
    address: closed(parts.keys, cells, "address", address),
  });
  return [
    ...accounts.map(account),
    ...replacedAccounts(parts, person, stored.accounts, accounts),
    ...person.posts
      .filter((post) => !stored.posts.some((each) => samePost(post, each)))
      .map((post): RosterChange => ({ kind: "post", uid, ...post })),
  ];
};

const newcomer = (parts: Parts, person: RosterPerson): readonly RosterChange[] => {
  const { keys, newUid } = parts;
  const uid = newUid();
  const { cells, wrapped } = keys.newPerson(uid);
  return [
    {
      kind: "newcomer",
      uid,
      wrapped,
      locale: person.locale,
      name: closed(keys, cells, "name", person.name),
      phone: person.phone === null ? null : closed(keys, cells, "phone", person.phone),
    },
    ...additions(parts, person, uid, cells, { accounts: [], posts: [] }),
  ];
};

const changes = (parts: Parts, person: RosterPerson, stored: StoredPerson): readonly RosterChange[] => {
  const { keys } = parts;
  const { uid } = stored;
  const cells = keys.person(uid, stored.wrapped);
  const phone = stored.phoneCell && cells.open(PLACES.phone, stored.phoneCell);
  const isRenamed = cells.open(PLACES.name, stored.nameCell) !== person.name;
  const hasNewPhone = person.phone !== null && person.phone !== phone;
  const hasNewLocale = !stored.localeChosen && person.locale !== null && person.locale !== stored.locale;
  const own: RosterChange = {
    kind: "person",
    uid,
    locale: hasNewLocale ? person.locale : null,
    name: isRenamed ? closed(keys, cells, "name", person.name) : null,
    phone: hasNewPhone ? closed(keys, cells, "phone", person.phone) : null,
  };
  return [...(isRenamed || hasNewPhone || hasNewLocale ? [own] : []), ...additions(parts, person, uid, cells, stored)];
};

/**
 * What is to be written so that a person is on record as the files say. What the files do not say stays, and so does the
 * language that a person chose; a new account takes the place of an old one on its platform.
 */
export const comparePerson = (
  parts: Parts,
  person: RosterPerson,
  stored: StoredPerson | null,
): readonly RosterChange[] => (stored ? changes(parts, person, stored) : newcomer(parts, person));
