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
