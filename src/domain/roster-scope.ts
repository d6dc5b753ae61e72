/** The units at or below any of these, by code. `parents` names the unit above each. */
export const codesWithin = (
  parents: ReadonlyMap<string, string | null>,
  tops: readonly string[],
): ReadonlySet<string> => {
  const inside = new Map<string, boolean>(tops.map((code) => [code, true]));
  for (const start of parents.keys()) {
    const path: string[] = [];
    let code: string | null = start;
    // A walk up ends at a unit that is decided already, or above the root; a cycle is no tree and was refused before.
    while (code !== null && !inside.has(code)) {
      path.push(code);
      code = parents.get(code) ?? null;
    }
    const found = code !== null && inside.get(code) === true;
    for (const each of path) inside.set(each, found);
  }
  return new Set([...inside].filter(([, within]) => within).map(([code]) => code));
};
