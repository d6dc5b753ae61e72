import { sameBytes } from "../domain/bytes.ts";
import type { PersonId } from "../domain/ids.ts";
import type { Keys } from "../ports/keys.ts";
import type { KeyChange, KeyRow, KeyStore } from "../ports/store/key-store.ts";

const BATCH = 500;

export interface RotateKeysParts {
  readonly keyStore: KeyStore;
  readonly keys: Keys;
}

export type Rotation =
  /** Everything stands under the new key; the old one may be taken out of SECRET_KEY. */
  | { readonly kind: "rotated"; readonly people: number }
  /** These people's keys, cells or indexes fit none of our keys. All others stand under the new key; the old one must stay. */
  | { readonly kind: "unreadable"; readonly people: readonly PersonId[] };

/** What has to change for a person; null when something of theirs fits none of our keys. */
const changesFor = (keys: Keys, { person, uid, wrapped, cells }: KeyRow): readonly KeyChange[] | null => {
  try {
    const own = keys.person(uid, wrapped);
    const to = keys.rewrap(uid, wrapped);
    const changes: KeyChange[] = to ? [{ what: "key", row: person, from: wrapped, to }] : [];
    for (const { what, place, row, cell, index } of cells) {
      const [current, ...older] = keys.indexes(what, own.open(place, cell));
      if (current && sameBytes(current, index)) continue;
      if (!current || !older.some((old) => sameBytes(old, index))) return null;
      changes.push({ what, row, from: index, to: current });
    }
    return changes;
  } catch {
    return null;
  }
};

interface Batch {
  readonly changed: number;
  readonly unreadable: readonly PersonId[];
}

const renew = async ({ keyStore, keys }: RotateKeysParts, rows: readonly KeyRow[]): Promise<Batch> => {
  const changes = rows.map((row) => changesFor(keys, row));
  await keyStore.replace(changes.flatMap((some) => some ?? []));
  return {
    changed: changes.filter((some) => some !== null && some.length > 0).length,
    unreadable: rows.filter((_, at) => changes[at] === null).map(({ person }) => person),
  };
};

/** One walk over everybody: how many were changed, and who could not be read. */
const walk = async (parts: RotateKeysParts): Promise<Batch> => {
  const unreadable: PersonId[] = [];
  let changed = 0;
  let after: PersonId | null = null;
  do {
    const rows: readonly KeyRow[] = await parts.keyStore.keys(after, BATCH);
    const batch = await renew(parts, rows);
    unreadable.push(...batch.unreadable);
    changed += batch.changed;
    after = rows.length < BATCH ? null : (rows.at(-1)?.person ?? null);
  } while (after !== null);
  return { changed, unreadable };
};

/**
 * Brings everything that stands under an old SECRET_KEY under the new one, in batches, while the service runs. It may be
 * stopped at any time and begun again; several at once do no harm.
 */
export const rotateKeys = async (parts: RotateKeysParts): Promise<Rotation> => {
  const { keyStore, keys } = parts;
  const probe = await keyStore.probe("secret");
  let people = 0;
  // What others wrote meanwhile under the old key is found by walking again, until nothing is left to change.
  for (;;) {
    const { changed, unreadable } = await walk(parts);
    people += changed;
    if (changed > 0) continue;
    if (unreadable.length > 0) return { kind: "unreadable", people: unreadable };
    await keyStore.setProbe("secret", probe, keys.probe());
    return { kind: "rotated", people };
  }
};
