import type { PersonId, UnitId } from "./ids.ts";

export const POSTS = [
  "principal",
  "safety_manager",
  "official",
  "liaison",
  "duty_officer",
  "inspector",
  "expert",
  "worker",
  "report_handler",
  "auditor",
  "admin",
] as const;

export type PostName = (typeof POSTS)[number];

/** Who answers for a unit when the audience names no post: the first of these that is filled. */
export const ANSWERING_POSTS = [
  "principal",
  "official",
  "safety_manager",
  "liaison",
] as const satisfies readonly PostName[];

/** An office held in a unit, or the stand-in for it. */
export interface Post {
  readonly unit: UnitId;
  readonly person: PersonId;
  readonly post: PostName;
  readonly deputy: boolean;
}

const isPost = (text: string): text is PostName => (POSTS as readonly string[]).includes(text);

/** `principal` or `deputy:principal`; null for anything else. */
export const parsePost = (text: string): Pick<Post, "post" | "deputy"> | null => {
  const deputy = text.startsWith("deputy:");
  const post = deputy ? text.slice("deputy:".length) : text;
  return isPost(post) ? { post, deputy } : null;
};

/** The same as people write it. */
export const postText = ({ post, deputy }: Pick<Post, "post" | "deputy">): string => (deputy ? `deputy:${post}` : post);

/** Offices that see or decide about units or people beyond their own. */
const PRIVILEGED: ReadonlySet<PostName> = new Set([
  "official",
  "duty_officer",
  "inspector",
  "report_handler",
  "auditor",
  "admin",
]);

/**
 * Whether somebody has to agree before a person who brings a code holds this office: a code may leak, and whoever holds it
 * must not come to answer for others. A principal does so where there are units below theirs.
 */
export const isPrivileged = ({ post }: Pick<Post, "post">, hasUnitsBelow: boolean): boolean =>
  PRIVILEGED.has(post) || (post === "principal" && hasUnitsBelow);
