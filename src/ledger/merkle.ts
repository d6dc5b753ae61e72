import type { Bytes } from "../ports/ledger.ts";
import { equal, sha256 } from "./hash.ts";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** RFC 9162 §2.1.1: a leaf can never pass for a node. */
export const leafHash = (body: Uint8Array): Bytes => sha256(LEAF, body);
export const nodeHash = (left: Uint8Array, right: Uint8Array): Bytes => sha256(NODE, left, right);

/**
 * A log of some size as the roots of its perfect subtrees, largest first: one for each 1 among the bits of the size.
 * Returns the range of the log with one leaf more.
 */
export const append = (range: readonly Bytes[], size: bigint, leaf: Bytes): readonly Bytes[] => {
  const grown = [...range];
  let top = leaf;
  for (let bits = size; bits & 1n; bits >>= 1n) top = nodeHash(grown.pop() as Bytes, top);
  grown.push(top);
  return grown;
};

/** The root of the whole log; that of an empty one is the hash of nothing. */
export const rootOf = (range: readonly Bytes[]): Bytes =>
  range.length === 0 ? sha256() : range.reduceRight((right, left) => nodeHash(left, right));

/** How many subtrees a log of this size has in its range. */
export const rangeLength = (size: bigint): number => {
  let ones = 0;
  for (let bits = size; bits > 0n; bits >>= 1n) ones += Number(bits & 1n);
  return ones;
};

/** Leaves from one up to but without another. */
export type Stretch = readonly [from: bigint, to: bigint];

/** The largest power of two below a size. */
const split = (size: bigint): bigint => {
  let half = 1n;
  while (half * 2n < size) half *= 2n;
  return half;
};

/** RFC 9162 §2.1.3.1: the stretches whose roots are the inclusion proof of leaf `seq` in a log of `size`. */
export const inclusionStretches = (seq: bigint, size: bigint): readonly Stretch[] => {
  const path: Stretch[] = [];
  let [from, to] = [0n, size];
  while (to - from > 1n) {
    const middle = from + split(to - from);
    path.unshift(seq < middle ? [middle, to] : [from, middle]);
    if (seq < middle) to = middle;
    else from = middle;
  }
  return path;
};

/** RFC 9162 §2.1.4.1: the stretches whose roots prove that a log of `size` begins with the log of `before` entries. */
export const consistencyStretches = (before: bigint, size: bigint): readonly Stretch[] => {
  if (before <= 0n || before >= size) return [];
  const path: Stretch[] = [];
  let [from, to] = [0n, size];
  while (before !== to) {
    const middle = from + split(to - from);
    path.unshift(before <= middle ? [middle, to] : [from, middle]);
    if (before <= middle) to = middle;
    else from = middle;
  }
  return from === 0n ? path : [[from, to], ...path];
};

/** Climbs from the two lowest nodes as RFC 9162 §2.1.3.2 and §2.1.4.2 do; false when the path does not end at the root. */
const climb = (
  start: readonly [bigint, bigint],
  path: readonly Uint8Array[],
  step: (sibling: Uint8Array, isLeft: boolean) => void,
): boolean => {
  let [node, last] = start;
  for (const sibling of path) {
    if (last === 0n || sibling.length !== 32) return false;
    const isLeft = (node & 1n) === 1n || node === last;
    step(sibling, isLeft);
    if (isLeft) {
      while ((node & 1n) === 0n && node !== 0n) [node, last] = [node >> 1n, last >> 1n];
    }
    [node, last] = [node >> 1n, last >> 1n];
  }
  return last === 0n;
};

/** Whether the log of `size` with this root holds `leaf` as its entry `seq`. */
export const checkInclusion = (
  leaf: Uint8Array,
  seq: bigint,
  size: bigint,
  path: readonly Uint8Array[],
  root: Uint8Array,
): boolean => {
  if (seq < 0n || seq >= size) return false;
  let top = leaf;
  const complete = climb([seq, size - 1n], path, (sibling, isLeft) => {
    top = isLeft ? nodeHash(sibling, top) : nodeHash(top, sibling);
  });
  return complete && equal(top, root);
};

/** Whether the log of `size` begins with the log of `before` entries, given both roots. */
export const checkConsistency = (
  [before, rootBefore]: readonly [bigint, Uint8Array],
  [size, root]: readonly [bigint, Uint8Array],
  path: readonly Uint8Array[],
): boolean => {
  if (before < 0n || before > size) return false;
  if (before === size || before === 0n) {
    return path.length === 0 && equal(before === 0n ? sha256() : root, rootBefore);
  }
  const whole = (before & (before - 1n)) === 0n;
  const [first, ...rest] = whole ? [rootBefore, ...path] : path;
  if (first?.length !== 32) return false;
  let [node, last] = [before - 1n, size - 1n];
  while (node & 1n) [node, last] = [node >> 1n, last >> 1n];
  let [older, newer] = [first, first];
  const complete = climb([node, last], rest, (sibling, isLeft) => {
    if (isLeft) older = nodeHash(sibling, older);
    newer = isLeft ? nodeHash(sibling, newer) : nodeHash(newer, sibling);
  });
  return complete && equal(older, rootBefore) && equal(newer, root);
};
