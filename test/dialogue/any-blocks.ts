import fc from "fast-check";
import type { Block } from "../../src/domain/content.ts";

interface Made {
  /** What anybody may have written. */
  readonly words: fc.Arbitrary<string>;
  readonly styles: readonly string[];
  readonly hrefs: readonly string[];
}

/** Texts of every shape, in which words stand that may look like a platform's own signs. */
export const anyBlocks = ({ words, styles, hrefs }: Made): fc.Arbitrary<readonly Block[]> => {
  const inline = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { depthSize: "small" },
      words.map((text) => ({ kind: "text", text })),
      words.map((text) => ({ kind: "code", text })),
      fc.constant({ kind: "break" }),
      fc.record({ kind: fc.constantFrom(...styles), children: fc.array(tie("node"), { maxLength: 3 }) }),
      fc.record({
        kind: fc.constant("link"),
        href: fc.constantFrom(...hrefs),
        children: fc.array(tie("node"), { maxLength: 2 }),
      }),
    ),
  })).node;
  const block = fc.oneof(
    fc.record({ kind: fc.constantFrom("paragraph", "heading", "quote"), children: fc.array(inline, { maxLength: 6 }) }),
    fc.record({
      kind: fc.constant("list"),
      ordered: fc.boolean(),
      items: fc.array(fc.array(inline, { maxLength: 4 }), { minLength: 1, maxLength: 6 }),
    }),
    fc.constant({ kind: "rule" }),
  );
  return fc.array(block, { maxLength: 12 }) as unknown as fc.Arbitrary<readonly Block[]>;
};
