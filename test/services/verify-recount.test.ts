import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Difference, Verdict } from "../../src/domain/verdict.ts";
import { seal } from "../../src/services/seal.ts";
import { verify } from "../../src/services/verify.ts";
import { type OwedNotice, owedNotice } from "../ledger/owed-notice.ts";
import { imported, type SealedWorld, sealedWorld } from "../ledger/sealed-world.ts";

const NUMBER = "某安委办〔2026〕17号";

const mismatch = (notice: string, difference: Difference): Verdict => ({ kind: "mismatch", notice, difference });

describe.each(["postgres", "embedded"] as const)("recounting obligations on %s", (kind) => {
  let world: SealedWorld;
  let notice: OwedNotice;
  beforeAll(async () => {
    world = await sealedWorld(kind);
    notice = await owedNotice(world, NUMBER, 30, 2);
    for (const at of [1, 2, 3, 4, 5]) await notice.fulfil(id(at), at === 3 ? "proxy" : "tap");
    await notice.reopen(id(2));
    await notice.excuse(id(6));
    await world.sealAll();
    for (let serial = 18; serial < 40; serial += 1) await owedNotice(world, `某安委办〔2026〕${serial}号`, 2);
    await world.sealAll();
  });
  afterAll(() => world.drop());

  const id = (at: number): bigint => notice.obligations[at] ?? 0n;

  /** What verifying says after a change to the tables, which is undone again. */
  const having = async (change: string, undo: string): Promise<Verdict> => {
    await world.pool.query(change);
    try {
      return await verify(world.parts);
    } finally {
      await world.pool.query(undo);
    }
  };

  it("agrees after answers, proxies, answers taken back and excuses", async () => {
    expect(await verify(world.parts)).toMatchObject({ kind: "proven", notices: 23, unsealed: 0 });
  });

  it("counts what is not sealed yet, and says that it is not", async () => {
    await notice.fulfil(id(10));
    await notice.fulfil(id(2));
    expect(await verify(world.parts)).toMatchObject({ kind: "proven", unsealed: 2 });
    await world.sealAll();
    expect(await verify(world.parts)).toMatchObject({ kind: "proven", unsealed: 0 });
  });

  const set = (state: string, at: number): string =>
    state === "fulfilled"
      ? `UPDATE obligation SET state = 'fulfilled', fulfilled_at = now(), fulfilled_how = 'tap' WHERE id = ${id(at)}`
      : `UPDATE obligation SET state = 'open', fulfilled_at = NULL, fulfilled_how = NULL WHERE id = ${id(at)}`;

  it("names an obligation that the table alone calls fulfilled", async () => {
    const difference = { kind: "only-in-table", obligation: id(20) } as const;
    expect(await having(set("fulfilled", 20), set("open", 20))).toEqual(mismatch(NUMBER, difference));
  });

  it("names the first obligation that the ledger alone calls fulfilled", async () => {
    const change = `${set("open", 4)}; ${set("open", 5)}`;
    const undo = `${set("fulfilled", 4)}; ${set("fulfilled", 5)}`;
    expect(await having(change, undo)).toEqual(mismatch(NUMBER, { kind: "only-in-ledger", obligation: id(4) }));
  });

  it("tells how many obligations there should be when one was removed, added or excused behind its back", async () => {
    const difference = { kind: "obligations", ledger: 29, table: 28 } as const;
    const excuse = `UPDATE obligation SET state = 'excused', excuse = 'x' WHERE id = ${id(20)}`;
    const undo = `UPDATE obligation SET state = 'open', excuse = NULL WHERE id = ${id(20)}`;
    expect(await having(excuse, undo)).toEqual(mismatch(NUMBER, difference));
    await world.pool.query(`CREATE TABLE gone AS SELECT * FROM obligation WHERE id = ${id(21)}`);
    const remove = `DELETE FROM obligation WHERE id = ${id(21)}`;
    const columns = "notice_id, unit_id, needed, state, generation";
    const put = `INSERT INTO obligation (id, ${columns}) OVERRIDING SYSTEM VALUE SELECT id, ${columns} FROM gone`;
    expect(await having(remove, put)).toEqual(mismatch(NUMBER, difference));
    expect(await verify(world.parts)).toMatchObject({ kind: "proven" });
  });

  it("tells of a notice that was never published in the ledger, and of one that was and is gone", async () => {
    const rename = (from: string, to: string): string => `UPDATE notice SET number = '${to}' WHERE number = '${from}'`;
    const [last, other] = ["某安委办〔2026〕39号", "某安委办〔2026〕99号"];
    expect(await having(rename(last, other), rename(other, last))).toEqual(mismatch(other, { kind: "no-publication" }));
    const remove = `
      CREATE TABLE kept_o AS SELECT * FROM obligation WHERE notice_id = (SELECT id FROM notice WHERE number = '${last}');
      CREATE TABLE kept_n AS SELECT * FROM notice WHERE number = '${last}';
      DELETE FROM obligation WHERE id IN (SELECT id FROM kept_o); DELETE FROM notice WHERE number = '${last}'`;
    await world.pool.query(remove);
    expect(await verify(world.parts)).toEqual(mismatch(last, { kind: "no-notice" }));
  });
});

describe("verifying while the service goes on", () => {
  it("never sees a difference that is none", { timeout: 60_000 }, async () => {
    const world = await sealedWorld();
    await owedNotice(world, "n0", 6);
    let busy = true;
    const sealing = async (): Promise<void> => {
      while (busy) await seal(world.parts);
    };
    const answering = async (serial: number): Promise<void> => {
      for (let round = 0; busy; round += 1) {
        const notice = await owedNotice(world, `n${serial}-${round}`, 6);
        for (const id of notice.obligations) await notice.fulfil(id);
        await notice.reopen(notice.obligations[round % 6] ?? 0n);
        await notice.excuse(notice.obligations[round % 6] ?? 0n);
      }
    };
    const work = [sealing(), answering(1), answering(2)];
    try {
      const until = performance.now() + 3_000;
      let runs = 0;
      for (; performance.now() < until; runs += 1) {
        const verdict = await verify(world.parts);
        expect(verdict).toMatchObject({ kind: "proven" });
      }
      expect(runs).toBeGreaterThan(5);
    } finally {
      busy = false;
      await Promise.all(work);
    }
    await world.tell(imported(1));
    await world.sealAll();
    expect(await verify(world.parts)).toMatchObject({ kind: "proven", unsealed: 0 });
    await world.drop();
  });
});
