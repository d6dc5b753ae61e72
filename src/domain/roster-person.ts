import { LOCALES, type Locale, localeOf } from "./language.ts";
import type { PLATFORMS } from "./platform.ts";
import { POSTS, type Post, type PostName, parsePost } from "./post.ts";
import { type Place, type Problem, reason } from "./problem.ts";
import { ID_EXAMPLES, ID_PLATFORMS, isPlatformId, phoneNumber } from "./roster-account.ts";
import { type CellReader, type Cells, cellReader } from "./roster-cells.ts";

export interface RosterAccount {
  readonly platform: (typeof PLATFORMS)[number];
  readonly address: string;
}

/** An office in a unit, by the unit's code. */
export interface RosterPost {
  readonly unit: string;
  readonly post: PostName;
  readonly deputy: boolean;
}

/** A row of people.csv: a person in one post. */
export interface PersonRow extends RosterPost {
  readonly at: Place;
  readonly name: string;
  readonly locale: Locale | null;
  /** E.164. */
  readonly phone: string | null;
  readonly accounts: readonly RosterAccount[];
  /** Whether the person may use the web chat. */
  readonly web: boolean;
}

const MOST_NAME = 100;

const postIn = (read: CellReader): Pick<Post, "post" | "deputy"> | null => {
  const text = read.plain("post");
  if (text === "") return read.wrong("post", reason("empty"));
  return parsePost(text) ?? read.wrong("post", reason("unknown-word", { known: `${POSTS.join(", ")}, deputy:…` }));
};

const localeIn = (read: CellReader): Locale | null => {
  const text = read.plain("locale");
  if (text === "") return null;
  return localeOf(text) ?? read.wrong("locale", reason("unknown-word", { known: LOCALES.join(", ") }));
};

const phoneIn = (read: CellReader): string | null => {
  const text = read.plain("phone");
  if (text === "") return null;
  return phoneNumber(text) ?? read.wrong("phone", reason("bad-phone"));
};

const accountsIn = (read: CellReader): readonly RosterAccount[] =>
  ID_PLATFORMS.flatMap((platform) => {
    const address = read.plain(platform);
    if (address !== "" && !isPlatformId(platform, address))
      read.wrong(platform, reason("bad-id", { example: ID_EXAMPLES[platform] }));
    return address === "" ? [] : [{ platform, address }];
  });

/** A row of people.csv, or what is wrong with it. */
export const readPerson = (
  at: Place,
  cells: Cells,
  hasUnit: (code: string) => boolean,
):
  | { readonly kind: "person"; readonly person: PersonRow }
  | { readonly kind: "wrong"; readonly problems: readonly Problem[] } => {
  const read = cellReader(at, cells);
  const name = read.text("name", MOST_NAME);
  const unit = read.text("unit", Number.POSITIVE_INFINITY);
  if (unit !== null && !hasUnit(unit)) read.wrong("unit", reason("unknown-unit"));
  const post = postIn(read);
  const rest = {
    locale: localeIn(read),
    phone: phoneIn(read),
    accounts: accountsIn(read),
    web: read.word("web", ["yes", "no"]) === "yes",
  };
  if (read.problems.length > 0 || name === null || unit === null || post === null)
    return { kind: "wrong", problems: read.problems };
  return { kind: "person", person: { at, name, unit, ...post, ...rest } };
};
