import fc from "fast-check";
import type { Audience } from "../../src/domain/audience.ts";
import { POSTS } from "../../src/domain/post.ts";
import { GRADES, INDUSTRIES, SITE_TYPES, UNIT_KINDS } from "../../src/domain/unit.ts";

/** Codes as people give them, and codes that would be statements if anything pasted them into one. */
const HOSTILE = ["o'brien", "100%", "_", "';drop", "--", "\\", '"u"', "$1", "石桥-1", "a.b_c", "constructor"];

interface Words {
  readonly codes: readonly string[];
  /** Without it: audiences that speak of units alone. */
  readonly posts: boolean;
}

/** Audiences of a tree whose codes these are; short enough that many select something. */
export const audiences = ({ codes, posts }: Words): fc.Arbitrary<Audience> => {
  const code = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...codes) }, fc.constantFrom(...HOSTILE));
  const word = fc.oneof<fc.Arbitrary<Audience>[]>(
    fc.record({ kind: fc.constantFrom("all" as const, "watch" as const) }),
    fc.record({ kind: fc.constantFrom("within" as const, "unit" as const), code }),
    fc.record({ kind: fc.constant("kind" as const), value: fc.constantFrom(...UNIT_KINDS) }),
    fc.record({ kind: fc.constant("industry" as const), value: fc.constantFrom(...INDUSTRIES.slice(0, 4)) }),
    fc.record({ kind: fc.constant("site" as const), value: fc.constantFrom(...SITE_TYPES.slice(0, 4)) }),
    fc.record({ kind: fc.constant("grade" as const), value: fc.constantFrom(...GRADES) }),
  );
  const office = fc.record({ kind: fc.constant("post" as const), value: fc.constantFrom(...POSTS.slice(0, 9)) });
  const { audience } = fc.letrec<{ audience: Audience }>((tie) => ({
    audience: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      posts ? fc.oneof({ weight: 3, arbitrary: word }, { weight: 2, arbitrary: office }) : word,
      fc.record({ kind: fc.constant("not" as const), of: tie("audience") }),
      fc.record({
        kind: fc.constantFrom("and" as const, "or" as const),
        of: fc.array(tie("audience"), { minLength: 2, maxLength: 3 }),
      }),
    ),
  }));
  return audience;
};
