/** A unit and the one above it, by code. */
export interface Branch {
  readonly code: string;
  readonly parent: string | null;
}

/** Where a unit stands: nested-set bounds that hold all below it, and how deep it lies (the root: 0). */
export interface Placement {
  readonly lft: number;
  readonly rgt: number;
  readonly depth: number;
}

const byCode = (a: Branch, b: Branch): number => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);

/** The children of every unit in the order of their codes; the root stands under null. */
const childrenOf = (branches: readonly Branch[]): ReadonlyMap<string | null, readonly Branch[]> => {
  const children = new Map<string | null, Branch[]>();
  for (const branch of [...branches].sort(byCode)) {
    const siblings = children.get(branch.parent);
    if (siblings) siblings.push(branch);
    else children.set(branch.parent, [branch]);
  }
  return children;
};

/** Places a tree (every parent known, one root, no cycle). Works without recursion: a tree may be a long chain. */
export const placeUnits = (branches: readonly Branch[]): ReadonlyMap<string, Placement> => {
  const children = childrenOf(branches);
  const places = new Map<string, Placement>();
  const open: { readonly code: string; readonly lft: number; next: number }[] = [];
  let count = 0;
  const enter = (branch: Branch | undefined) => {
    if (branch) open.push({ code: branch.code, lft: ++count, next: 0 });
  };
  enter(children.get(null)?.[0]);
  for (let top = open.at(-1); top; top = open.at(-1)) {
    const child = children.get(top.code)?.[top.next++];
    if (child) enter(child);
    else {
      open.pop();
      places.set(top.code, { lft: top.lft, rgt: ++count, depth: open.length });
    }
  }
  return places;
};

/** Every cycle of parents, each once, in the order one walks up it. Parents that are not there end a walk. */
export const cyclesIn = <Node extends Branch>(nodes: ReadonlyMap<string, Node>): readonly (readonly Node[])[] => {
  const cycles: Node[][] = [];
  const seen = new Map<string, number>();
  let walk = 0;
  for (const start of nodes.values()) {
    walk++;
    const path: Node[] = [];
    let node: Node | undefined = start;
    while (node && !seen.has(node.code)) {
      seen.set(node.code, walk);
      path.push(node);
      node = node.parent === null ? undefined : nodes.get(node.parent);
    }
    if (node && seen.get(node.code) === walk) cycles.push(path.slice(path.indexOf(node)));
  }
  return cycles;
};
