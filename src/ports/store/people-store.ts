import type { PersonId } from "../../domain/ids.ts";
import type { PostName } from "../../domain/post.ts";

/** Holders of offices, found by unit. */
export interface PeopleStore {
  /**
   * The holders in one unit: of one office, or of all. Null for an unknown code. Names are opened.
   */
  holders(
    code: string,
    post: { readonly post: PostName; readonly deputy: boolean } | null,
  ): Promise<
    | readonly { readonly person: PersonId; readonly name: string; readonly post: PostName; readonly deputy: boolean }[]
    | null
  >;
}
