import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { seal } from "../../src/services/seal.ts";
import { verify } from "../../src/services/verify.ts";
import { imported, type SealedWorld, sealedWorld } from "./sealed-world.ts";
import { startSealer } from "./start-sealer.ts";

let world: SealedWorld;
const sealers = new Set<ChildProcess>();

beforeAll(async () => {
  world = await sealedWorld();
});
afterEach(() => Promise.all([...sealers].map(kill)));
afterAll(() => world.drop());

const start = async (word: "ready" | "taken"): Promise<ChildProcess> => {
  const sealer = await startSealer(world.url ?? "", world.key, word);
  sealers.add(sealer);
  return sealer;
};

const kill = async (sealer: ChildProcess): Promise<void> => {
  sealers.delete(sealer);
  const gone = once(sealer, "exit");
  sealer.kill("SIGKILL");
  await gone;
};

/** The numbers that were written into the events, as the ledger tells them. */
const sealedUnits = async (): Promise<readonly number[]> => {
  const rows = await world.db.ledgerEntry.findMany({ select: { body: true }, orderBy: { seq: "asc" } });
  return rows.map(({ body }) => Number(world.ledger.readEntry(body)?.subject.units));
};

it("loses nothing when a sealer is killed after taking the rows and before writing the entries", async () => {
  await world.tell(...Array.from({ length: 20 }, (_, at) => imported(at)));
  const sealer = await start("taken");
  const waitsForItsLock = seal(world.parts);
  await kill(sealer);
  expect(await waitsForItsLock).toBe(20);
  expect(await sealedUnits()).toEqual(Array.from({ length: 20 }, (_, at) => at));
  expect(await verify(world.parts)).toMatchObject({ kind: "proven", entries: 20n, unsealed: 0 });
});

it("makes one ledger of all that is written while four sealers work and are killed one after another", async () => {
  const all = await Promise.all(["ready", "ready", "ready", "ready"].map(() => start("ready")));
  let written = 20;
  let writing = true;
  const write = async (): Promise<void> => {
    while (writing) {
      const first = written;
      written += 10;
      await world.tell(...Array.from({ length: 10 }, (_, at) => imported(first + at)));
    }
  };
  const writers = [write(), write(), write()];
  for (const [round, sealer] of all.entries()) {
    await sleep(300 + 130 * round);
    await kill(sealer);
  }
  writing = false;
  await Promise.all(writers);
  const waiting = await world.store.waiting();
  expect(await world.sealAll()).toBe(waiting);
  const sealed = await sealedUnits();
  expect(sealed.length).toBe(written);
  expect(new Set(sealed).size).toBe(written);
  expect(waiting).toBeLessThan(written);
  expect(await verify(world.parts)).toMatchObject({ kind: "proven", entries: BigInt(written), unsealed: 0 });
}, 60_000);
