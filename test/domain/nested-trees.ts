import fc from "fast-check";

/** A unit in its place; `parent` is the index of another, null for the root, which comes first. */
export interface Placed {
  readonly parent: number | null;
  readonly lft: number;
  readonly rgt: number;
  readonly depth: number;
}

/** The nested set of a tree given by parents, each of which stands before its children. */
const nested = (parents: readonly (number | null)[]): readonly Placed[] => {
  const places: Placed[] = [];
  let edge = 0;
  const place = (at: number, depth: number): void => {
    const lft = ++edge;
    parents.forEach((parent, child) => {
      if (parent === at) place(child, depth + 1);
    });
    places[at] = { parent: parents[at] ?? null, lft, rgt: ++edge, depth };
  };
  place(0, 0);
  return places;
};

/** Trees of up to `most` units: each unit hangs under any earlier one. */
export const nestedTrees = (most: number): fc.Arbitrary<readonly Placed[]> =>
  fc
    .array(fc.nat(), { minLength: 0, maxLength: most - 1 })
    .map((choices) => nested([null, ...choices.map((choice, at) => choice % (at + 1))]));
