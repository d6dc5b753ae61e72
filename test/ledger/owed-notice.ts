import { AT, type SealedWorld } from "./sealed-world.ts";

/** A notice that `owed` units owe an answer to, and the ledger was told of. */
export interface OwedNotice {
  readonly number: string;
  readonly obligations: readonly bigint[];
  /** Each is one transaction, as the service writes it. */
  fulfil(obligation: bigint, by?: "tap" | "proxy"): Promise<void>;
  reopen(obligation: bigint): Promise<void>;
  excuse(obligation: bigint): Promise<void>;
}

const root = async ({ db }: SealedWorld): Promise<bigint> => {
  const facts = { code: "root", name: "root", kind: "authority", lft: 1, rgt: 2_000_000, depth: 0 };
  return (await db.unit.upsert({ where: { code: "root" }, update: {}, create: facts })).id;
};

const grow = async (world: SealedWorld, units: number): Promise<bigint> => {
  const parent = await root(world);
  await world.db.$executeRaw`
    INSERT INTO "unit" ("code", "name", "kind", "parent_id", "lft", "rgt", "depth")
    SELECT 'u' || n, 'u' || n, 'enterprise', ${parent}::bigint, n * 2, n * 2 + 1, 1 FROM generate_series(1, ${units}::int) n
    ON CONFLICT DO NOTHING`;
  return parent;
};

const publish = async (
  world: SealedWorld,
  number: string,
  owed: number,
  closed: number,
): Promise<readonly bigint[]> => {
  const issuerId = await grow(world, owed + closed);
  const subject = { notice: number, obligations: String(owed), recipients: String(owed), set: "00" };
  const entry = { kind: "published", at: AT, actor: "operator", subject, contentHash: "ab", how: "command" } as const;
  return world.db.$transaction(async (tx) => {
    const facts = { number, issuerId, urgency: "priority", ack: "read", closing: "each-unit", audience: "all" };
    const more = { reminders: [], contentHash: "ab", locale: "zh-CN", seconds: 20, publishedAt: AT };
    const { id } = await tx.notice.create({ data: { ...facts, ...more } });
    const rows = await tx.$queryRaw<{ id: bigint; state: string }[]>`
      INSERT INTO "obligation" ("notice_id", "unit_id", "state", "excuse")
      SELECT ${id}, u."id", CASE WHEN n > ${owed} THEN 'excused' ELSE 'open' END, CASE WHEN n > ${owed} THEN 'unit-closed' END
      FROM generate_series(1, ${owed + closed}::int) n JOIN "unit" u ON u."code" = 'u' || n ORDER BY n
      RETURNING "id", "state"`;
    await tx.ledgerInbox.create({ data: { body: world.ledger.entryBytes(entry) } });
    return rows.filter(({ state }) => state === "open").map((row) => row.id);
  });
};

export const owedNotice = async (world: SealedWorld, number: string, owed: number, closed = 0): Promise<OwedNotice> => {
  const obligations = await publish(world, number, owed, closed);
  const about = (obligation: bigint) => ({
    notice: number,
    obligation: String(obligation),
    unit: "u",
    generation: "1",
  });
  const common = { at: AT, actor: "p1", contentHash: "ab" } as const;
  return {
    number,
    obligations,
    async fulfil(id, by = "tap") {
      const kind = by === "tap" ? "acknowledged" : "acknowledged-by-proxy";
      await world.db.$transaction(async (tx) => {
        await tx.obligation.update({ where: { id }, data: { state: "fulfilled", fulfilledAt: AT, fulfilledHow: by } });
        const body = world.ledger.entryBytes({ ...common, kind, subject: { ...about(id), fulfilled: "yes" }, how: by });
        await tx.ledgerInbox.create({ data: { body } });
      });
    },
    async reopen(id) {
      await world.db.$transaction(async (tx) => {
        const open = { state: "open", fulfilledAt: null, fulfilledHow: null, generation: { increment: 1 } };
        await tx.obligation.update({ where: { id }, data: open });
        const subject = { ...about(id), reopened: "yes" } as const;
        const body = world.ledger.entryBytes({ ...common, kind: "taken-back", subject, how: "tap" });
        await tx.ledgerInbox.create({ data: { body } });
      });
    },
    async excuse(id) {
      await world.db.$transaction(async (tx) => {
        await tx.obligation.update({ where: { id }, data: { state: "excused", excuse: "moved" } });
        const subject = { notice: number, obligation: String(id), unit: "u", reason: "moved" };
        const body = world.ledger.entryBytes({ ...common, kind: "excused", subject, how: "rule" });
        await tx.ledgerInbox.create({ data: { body } });
      });
    },
  };
};
