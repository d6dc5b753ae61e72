import { LANES } from "../domain/delivery.ts";
import type { Backlog, BacklogStore, OpenDeliveries } from "../ports/store/backlog-store.ts";
import type { Db } from "./client.ts";

interface Row {
  what: OpenDeliveries["state"] | "redraw" | "pause" | "event" | "failed" | "unsealed";
  platform: string | null;
  lane: number | null;
  method: string | null;
  count: number;
  at: Date | null;
}

/** Each branch goes over a partial index that holds what is open and nothing else, so that a million sent rows cost nothing. */
const rows = (db: Db, real: Date): Promise<Row[]> => db.$queryRaw<Row[]>`
  SELECT 'pending' AS "what", "platform", "lane", NULL AS "method", count(*)::int AS "count", min("at") AS "at"
  FROM "delivery" WHERE "state" = 'pending' GROUP BY "platform", "lane"
  UNION ALL
  SELECT 'sending', "platform", "lane", NULL, count(*)::int, NULL
  FROM "delivery" WHERE "state" = 'sending' GROUP BY "platform", "lane"
  UNION ALL
  SELECT 'in-doubt', "platform", "lane", NULL, count(*)::int, min("doubt_at")
  FROM "delivery" WHERE "state" = 'in-doubt' GROUP BY "platform", "lane"
  UNION ALL
  SELECT 'redraw', "platform", NULL, NULL, count(*)::int, NULL
  FROM "delivery" WHERE "wanted_rev" > "drawn_rev" AND "state" IN ('sent', 'delivered', 'seen') GROUP BY "platform"
  UNION ALL
  SELECT 'pause', "platform", NULL, "method", 1, "until" FROM "platform_pause" WHERE "until" > ${real}::timestamptz
  UNION ALL
  SELECT 'event', NULL, NULL, NULL, count(*)::int, min("received_at") FROM "inbound" WHERE "state" = 'pending'
  UNION ALL
  SELECT 'failed', NULL, NULL, NULL, count(*)::int, NULL FROM "inbound" WHERE "state" = 'failed'
  UNION ALL
  SELECT 'unsealed', NULL, NULL, NULL, (SELECT count(*)::int FROM "ledger_inbox"),
    (SELECT (convert_from("body", 'UTF8')::json ->> 'at')::timestamptz FROM "ledger_inbox" ORDER BY "id" LIMIT 1)`;

export const backlogStore = (db: Db): BacklogStore => ({
  async read(real): Promise<Backlog> {
    const found = await rows(db, real);
    const of = (...what: readonly Row["what"][]) => found.filter((row) => what.includes(row.what));
    const [event] = of("event");
    const [failed] = of("failed");
    const [unsealed] = of("unsealed");
    return {
      deliveries: of("pending", "sending", "in-doubt").map(({ what, platform, lane, count, at }) => ({
        platform: platform ?? "",
        lane: LANES[lane ?? 0] ?? "bulk",
        state: what as OpenDeliveries["state"],
        count,
        oldest: at,
      })),
      redraws: of("redraw").map(({ platform, count }) => ({ platform: platform ?? "", count })),
      pauses: of("pause").map(({ platform, method, at }) => ({
        platform: platform ?? "",
        method: method ?? "",
        until: at ?? real,
      })),
      events: { pending: event?.count ?? 0, oldest: event?.at ?? null, failed: failed?.count ?? 0 },
      unsealed: { count: unsealed?.count ?? 0, oldest: unsealed?.at ?? null },
    };
  },
  people: () => db.person.count(),
  leftImports: (real) => db.importRun.count({ where: { state: "staging", leaseUntil: { lt: real } } }),
});
