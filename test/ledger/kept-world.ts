import { imported, type SealedWorld, sealedWorld } from "./sealed-world.ts";

/** Twelve entries under heads of 5, 9 and 12, which can be put back after each thing that was done to them. */
export interface KeptWorld extends SealedWorld {
  /** The note of the last head. */
  readonly saved: string;
  restore(): Promise<void>;
}

export const keptWorld = async (): Promise<KeptWorld> => {
  const world = await sealedWorld();
  for (const batch of [5, 4, 3]) {
    await world.tell(...Array.from({ length: batch }, (_, at) => imported(batch * 100 + at)));
    await world.sealAll();
  }
  await world.pool.query("CREATE TABLE kept_entry AS TABLE ledger_entry; CREATE TABLE kept_head AS TABLE ledger_head");
  return {
    ...world,
    saved: (await world.store.lastHead())?.note ?? "",
    restore: () =>
      world.tamper(
        "DELETE FROM ledger_entry",
        "DELETE FROM ledger_head",
        "INSERT INTO ledger_entry SELECT * FROM kept_entry",
        "INSERT INTO ledger_head SELECT * FROM kept_head",
      ),
  };
};
