const BITS = 1 << 15;

/** A set of database ids at a bit each: what is made in one go has ids close together. */
export interface IdSet {
  add(id: bigint): void;
  delete(id: bigint): void;
  has(id: bigint): boolean;
  /** Ascending. */
  values(): Generator<bigint>;
}

export const idSet = (): IdSet => {
  const blocks = new Map<bigint, Uint8Array>();
  const place = (id: bigint): readonly [bigint, number, number] => {
    const offset = Number(id % BigInt(BITS));
    return [id / BigInt(BITS), offset >> 3, 1 << (offset & 7)];
  };
  return {
    add(id) {
      const [block, byte, bit] = place(id);
      const bytes = blocks.get(block) ?? new Uint8Array(BITS / 8);
      bytes[byte] = (bytes[byte] ?? 0) | bit;
      blocks.set(block, bytes);
    },
    delete(id) {
      const [block, byte, bit] = place(id);
      const bytes = blocks.get(block);
      if (bytes) bytes[byte] = (bytes[byte] ?? 0) & ~bit;
    },
    has(id) {
      const [block, byte, bit] = place(id);
      return ((blocks.get(block)?.[byte] ?? 0) & bit) !== 0;
    },
    *values() {
      for (const block of [...blocks.keys()].sort((one, other) => (one < other ? -1 : 1))) {
        const bytes = blocks.get(block) as Uint8Array;
        for (let offset = 0; offset < BITS; offset += 1) {
          if ((bytes[offset >> 3] ?? 0) & (1 << (offset & 7))) yield block * BigInt(BITS) + BigInt(offset);
        }
      }
    },
  };
};
