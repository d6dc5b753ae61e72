import type { Post } from "../../domain/post.ts";
import { type Phrase, phrase } from "../phrase.ts";

/** An office as people call it, or the stand-in for it. */
export const officeWords = ({ post, deputy }: Pick<Post, "post" | "deputy">): Phrase => {
  const name = phrase(`post.${post}`);
  return deputy ? phrase("post.deputy", { post: name }) : name;
};
