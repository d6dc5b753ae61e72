import { randomUUID } from "node:crypto";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openKeys } from "../../src/keys/keys.ts";
import type { Keys } from "../../src/ports/keys.ts";
import { checkKeys } from "../../src/services/check-keys.ts";
import { rotateKeys } from "../../src/services/rotate-keys.ts";
import { type Db, openPrisma } from "../../src/store/client.ts";
import { keyStore } from "../../src/store/key-rows.ts";
import { rootKey } from "../keys/root-key.ts";
import { freshEmbedded, freshPostgres } from "../setup/database.ts";

const old = openKeys(rootKey(1));
const rotating = openKeys(`${rootKey(2)},${rootKey(1)}`);
const renewed = openKeys(rootKey(2));
const ledger = { publicKey: "chuanda/ledger+00000000+key" };

const open = async (kind: "postgres" | "embedded"): Promise<{ db: Db; drop(): Promise<void> }> => {
  if (kind === "embedded") {
    const { database, drop } = await freshEmbedded();
    return { db: openPrisma(database.pool), drop };
  }
  const { url, drop } = await freshPostgres();
  const pool = new Pool({ connectionString: url });
  return { db: openPrisma(pool), drop: () => pool.end().then(drop) };
};

const phoneOf = (at: number): string => `+8613800${String(100_000 + at)}`;

/** People number `from` up to but without `to`, as an import under these keys would write them. */
const addPeople = async (db: Db, keys: Keys, from: number, to: number): Promise<void> => {
  const all = Array.from({ length: to - from }, (_, index) => {
    const uid = randomUUID();
    const { cells, wrapped } = keys.newPerson(uid);
    const at = from + index;
    const [name, phone, chat] = [`人${at}`, at % 3 === 0 ? null : phoneOf(at), `chat${at}`];
    const address = {
      addressCell: cells.seal("account.address_cell", chat),
      addressIndex: keys.index("address", chat),
    };
    return {
      person: {
        uid,
        nameCell: cells.seal("person.name_cell", name),
        nameIndex: keys.index("name", name),
        phoneCell: phone === null ? null : cells.seal("person.phone_cell", phone),
        phoneIndex: phone === null ? null : keys.index("phone", phone),
      },
      wrapped,
      accounts: (at % 2 === 0 ? ["web", "telegram"] : []).map((platform) => ({ platform, ...address })),
    };
  });
  const rows = await db.person.createManyAndReturn({ data: all.map(({ person }) => person), select: { id: true } });
  const owned = all.map((one, at) => ({ ...one, personId: rows[at]?.id ?? 0n }));
  await db.personKey.createMany({ data: owned.map(({ personId, wrapped }) => ({ personId, wrapped })) });
  await db.account.createMany({
    data: owned.flatMap(({ personId, accounts }) => accounts.map((account) => ({ personId, ...account }))),
  });
};

/** Everybody as a service with these keys finds and reads them. */
const people = async (db: Db, keys: Keys) => {
  const found = [];
  for (const row of await db.person.findMany({
    include: { key: true, accounts: true },
    orderBy: { id: "asc" },
  })) {
    const cells = keys.person(row.uid, row.key?.wrapped ?? new Uint8Array());
    const name = cells.open("person.name_cell", row.nameCell);
    const phone = row.phoneCell && cells.open("person.phone_cell", row.phoneCell);
    const chats = row.accounts.map(({ addressCell }) => cells.open("account.address_cell", addressCell));
    expect(keys.indexes("name", name)).toContainEqual(Buffer.from(row.nameIndex));
    if (phone && row.phoneIndex) expect(keys.indexes("phone", phone)).toContainEqual(Buffer.from(row.phoneIndex));
    for (const [at, { addressIndex }] of row.accounts.entries()) {
      expect(keys.indexes("address", chats[at] ?? "")).toContainEqual(Buffer.from(addressIndex));
    }
    found.push({ name, phone, chats });
  }
  return found;
};

/** Three batches where that is quick, the last of them not full; two where it is not. */
const PEOPLE = { postgres: 1_203, embedded: 603 } as const;
const refused = (key: string) => ({ kind: "refused", words: { key, values: {} } });

describe.each(["postgres", "embedded"] as const)("SECRET_KEY on %s", (kind) => {
  let db: Db;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    ({ db, drop } = await open(kind));
  });
  afterAll(() => drop());
  const check = (keys: Keys, publicKey = ledger.publicKey) =>
    checkKeys({ keyStore: keyStore(db), keys, ledger: { publicKey } });

  it("is known again after the first start, and another one refused with a sentence", async () => {
    expect(await check(old)).toEqual({ kind: "ready" });
    expect(await check(old)).toEqual({ kind: "ready" });
    expect(await check(renewed)).toEqual(refused("keys.wrong-secret"));
    expect(await check(old, "chuanda/ledger+00000000+other")).toEqual(refused("keys.wrong-ledger"));
  });

  it("is refused by the people it cannot read, where the probe was lost", async () => {
    await addPeople(db, old, 0, 1);
    await db.setting.deleteMany({ where: { key: "key-probe" } });
    expect(await check(renewed)).toEqual(refused("keys.wrong-secret"));
    expect(await db.setting.count({ where: { key: "key-probe" } })).toBe(0);
    expect(await check(old)).toEqual({ kind: "ready" });
  });

  it("passes from the old one over both to the new one, and everybody stays readable and findable", async () => {
    await addPeople(db, old, 1, PEOPLE[kind]);
    const before = await people(db, old);
    expect(before.length).toBe(PEOPLE[kind]);
    expect(await check(rotating)).toEqual({ kind: "rotation-due" });
    expect(await people(db, rotating)).toEqual(before);
    expect(await rotateKeys({ keyStore: keyStore(db), keys: rotating })).toEqual({
      kind: "rotated",
      people: PEOPLE[kind],
    });
    expect(await people(db, rotating)).toEqual(before);
    expect(await check(rotating)).toEqual({ kind: "ready" });
    expect(await check(renewed)).toEqual({ kind: "ready" });
    expect(await people(db, renewed)).toEqual(before);
    expect(await check(old)).toEqual(refused("keys.wrong-secret"));
    await expect(people(db, old)).rejects.toThrow();
  });

  it("changes nothing when everything stands under it already", async () => {
    const before = await db.personKey.findMany();
    expect(await rotateKeys({ keyStore: keyStore(db), keys: renewed })).toEqual({ kind: "rotated", people: 0 });
    expect(await db.personKey.findMany()).toEqual(before);
  });
});

describe("a rotation that is disturbed", () => {
  let db: Db;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    ({ db, drop } = await open("postgres"));
    await checkKeys({ keyStore: keyStore(db), keys: old, ledger });
    await addPeople(db, old, 0, PEOPLE.embedded);
  });
  afterAll(() => drop());

  it("goes on where it was stopped, while both keys read everybody", async () => {
    const store = keyStore(db);
    let batches = 0;
    const dying = {
      ...store,
      replace: async (changes: Parameters<typeof store.replace>[0]) => {
        batches += 1;
        if (batches === 2) throw new Error("killed");
        await store.replace(changes);
      },
    };
    await expect(rotateKeys({ keyStore: dying, keys: rotating })).rejects.toThrow("killed");
    expect((await people(db, rotating)).length).toBe(PEOPLE.embedded);
    expect(await checkKeys({ keyStore: store, keys: rotating, ledger })).toEqual({ kind: "rotation-due" });
    expect(await checkKeys({ keyStore: store, keys: renewed, ledger })).toEqual(refused("keys.wrong-secret"));
    expect(await rotateKeys({ keyStore: store, keys: rotating })).toEqual({
      kind: "rotated",
      people: PEOPLE.embedded - 500,
    });
    expect((await people(db, renewed)).length).toBe(PEOPLE.embedded);
  });

  it("leaves alone what somebody else has changed since it was read", async () => {
    const [latest, oldest] = [openKeys(`${rootKey(3)},${rootKey(2)}`), openKeys(rootKey(2))];
    const store = keyStore(db);
    const rename = async (): Promise<void> => {
      const row = await db.person.findFirstOrThrow({ include: { key: true }, orderBy: { id: "asc" } });
      const nameCell = latest.person(row.uid, row.key?.wrapped ?? new Uint8Array()).seal("person.name_cell", "新名");
      const data = { nameCell, nameIndex: latest.index("name", "新名") };
      await db.person.update({ where: { id: row.id }, data });
    };
    let first = true;
    const interrupted = {
      ...store,
      replace: async (changes: Parameters<typeof store.replace>[0]) => {
        if (first) await rename();
        first = false;
        await store.replace(changes);
      },
    };
    expect((await people(db, oldest)).at(0)?.name).toBe("人0");
    expect(await rotateKeys({ keyStore: interrupted, keys: latest })).toMatchObject({ kind: "rotated" });
    expect((await people(db, openKeys(rootKey(3)))).at(0)?.name).toBe("新名");
  });

  it("names who cannot be read, brings over everybody else, and keeps the old key needed", async () => {
    const store = keyStore(db);
    const [keys, before] = [openKeys(`${rootKey(4)},${rootKey(3)}`), openKeys(rootKey(3))];
    const rows = await db.person.findMany({ orderBy: { id: "asc" }, take: 2 });
    const ids = rows.map(({ id }) => id);
    await db.personKey.update({ where: { personId: ids[0] ?? 0n }, data: { wrapped: Buffer.alloc(65) } });
    await db.person.update({ where: { id: ids[1] ?? 0n }, data: { nameIndex: Buffer.alloc(16) } });
    expect(await rotateKeys({ keyStore: store, keys })).toEqual({ kind: "unreadable", people: ids });
    expect(await checkKeys({ keyStore: store, keys, ledger })).toEqual({ kind: "rotation-due" });
    expect(await checkKeys({ keyStore: store, keys: before, ledger })).toEqual({ kind: "ready" });
    const last = await db.person.findFirstOrThrow({ include: { key: true }, orderBy: { id: "desc" } });
    expect(keys.rewrap(last.uid, last.key?.wrapped ?? new Uint8Array())).toBeNull();
  });
});
