import type { Post } from "./post.ts";
import type { Unit } from "./unit.ts";
import { within } from "./unit.ts";

/**
 * How a person stands to an obligation, strongest first: asked for it themself, holding an answering post in the unit
 * that owes, standing in for one, holding office in a unit above, or none of these.
 */
export const RELATIONS = ["self", "colleague", "deputy", "above", "none"] as const;

export type Relation = (typeof RELATIONS)[number];
export type Deed = "acknowledge" | "take-back" | "answer-for";

/** Who may do what. Answering for somebody else always takes a reason and is shown as by proxy. */
export const RIGHTS: Readonly<Record<Relation, Readonly<Record<Deed, boolean>>>> = {
  self: { acknowledge: true, "take-back": true, "answer-for": false },
  colleague: { acknowledge: false, "take-back": false, "answer-for": true },
  deputy: { acknowledge: false, "take-back": false, "answer-for": true },
  above: { acknowledge: false, "take-back": false, "answer-for": true },
  none: { acknowledge: false, "take-back": false, "answer-for": false },
};

/** An office and where in the tree it is held. */
export type PlacedPost = Pick<Post, "post" | "deputy"> & Pick<Unit, "lft" | "rgt">;

/** Offices that answer for their own unit. */
const ANSWERING: ReadonlySet<string> = new Set(["principal", "official", "safety_manager", "liaison"]);
/** Offices that may answer for the units below theirs. */
export const LEADING: ReadonlySet<string> = new Set(["principal", "official"]);

/** The strongest relation that these offices give to an obligation of `unit`. */
export const relationTo = (unit: Pick<Unit, "lft" | "rgt">, asked: boolean, posts: readonly PlacedPost[]): Relation => {
  if (asked) return "self";
  const here = posts.filter((post) => post.lft === unit.lft && ANSWERING.has(post.post));
  if (here.some(({ deputy }) => !deputy)) return "colleague";
  if (here.length > 0) return "deputy";
  const above = posts.some((post) => post.lft < unit.lft && within(unit, post) && LEADING.has(post.post));
  return above ? "above" : "none";
};

/** The units for which this office lets a person answer for others, as bounds of `lft`; null where it gives no such right. */
export const answersFor = (post: PlacedPost): { readonly from: number; readonly to: number } | null => {
  if (LEADING.has(post.post)) return { from: post.lft, to: post.rgt };
  return ANSWERING.has(post.post) ? { from: post.lft, to: post.lft } : null;
};

export const may = (relation: Relation, deed: Deed): boolean => RIGHTS[relation][deed];

/** Whether these offices may let somebody into an office of `unit`: leading ones of units above, and no deputy. */
export const mayLetIn = (unit: Pick<Unit, "lft" | "rgt">, posts: readonly PlacedPost[]): boolean =>
  posts.some((post) => !post.deputy && post.lft < unit.lft && within(unit, post) && LEADING.has(post.post));
