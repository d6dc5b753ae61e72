import type { Keys, PersonCells } from "../ports/keys.ts";

/** Most are opened twice within a second: for the address, and for the name on the card. */
const MOST = 1_000;

/** Opens people's data keys, and remembers the latest of them opened. Throws as `keys.person` does. */
export const recentCells = (keys: Pick<Keys, "person">): Keys["person"] => {
  const known = new Map<string, { readonly wrapped: Uint8Array; readonly cells: PersonCells }>();
  return (uid, wrapped) => {
    const found = known.get(uid);
    if (found && Buffer.compare(found.wrapped, wrapped) === 0) return found.cells;
    const cells = keys.person(uid, wrapped);
    if (known.size >= MOST) for (const oldest of [...known.keys()].slice(0, MOST / 2)) known.delete(oldest);
    known.set(uid, { wrapped, cells });
    return cells;
  };
};
