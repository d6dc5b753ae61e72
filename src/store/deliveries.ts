import type { Next } from "../domain/settle.ts";
import type { Keys } from "../ports/keys.ts";
import type { DeliveryStore, Settled } from "../ports/store/delivery-store.ts";
import type { Db } from "./client.ts";
import { deliveryClaims } from "./delivery-claims.ts";
import type { Of } from "./delivery-outcomes.ts";
import { again, doubted, drawn, gone, moot, pause, refused, returned } from "./delivery-outcomes.ts";
import { sweepDeliveries } from "./delivery-sweep.ts";
import type { ViewOptions } from "./delivery-views.ts";
import { deliveryViews } from "./delivery-views.ts";
import type { Prisma } from "./generated/client.ts";
import { readdress } from "./readdress.ts";
import { recentCells } from "./recent-cells.ts";

const of = <Kind extends Next["kind"]>(results: readonly Settled[], kind: Kind): Of<Kind>[] =>
  results
    .filter((result): result is Of<Kind> => result.next.kind === kind)
    .sort((a, b) => (a.delivery.id < b.delivery.id ? -1 : 1));

const settle =
  (db: Db, keys: Keys): DeliveryStore["settle"] =>
  async (results, times) => {
    const write = async <Kind extends Next["kind"]>(kind: Kind, sql: (some: Of<Kind>[]) => Prisma.Sql | null) => {
      const some = of(results, kind);
      const statement = some.length > 0 ? sql(some) : null;
      if (statement) await db.$executeRaw(statement);
    };
    await write("again", (some) => pause(some, times));
    await write("drawn", (some) => drawn(some, times));
    await write("again", (some) => again(some, times));
    await write("gone", gone);
    await write("refused", refused);
    await write("moot", moot);
    await write("doubted", (some) => doubted(some, times));
    await write("returned", (some) => returned(some, times));
    for (const result of of(results, "readdressed")) await readdress(db, keys, result, times);
  };

const receive =
  (db: Db, keys: Keys): DeliveryStore["receive"] =>
  async (from, ref, state, { now }) => {
    const seen = state === "seen";
    const changed = await db.$executeRaw`
      UPDATE "delivery" d SET
        "state" = CASE WHEN ${seen} THEN 'seen' WHEN d."state" = 'sent' THEN 'delivered' ELSE d."state" END,
        "delivered_at" = coalesce(d."delivered_at", ${now}::timestamptz),
        "seen_at" = CASE WHEN ${seen} THEN coalesce(d."seen_at", ${now}::timestamptz) ELSE d."seen_at" END
      FROM "account" a
      WHERE a."platform" = ${from.platform}
        AND a."address_index" = ANY (${[...keys.indexes("address", from.chat)]}::bytea[])
        AND d."person_id" = a."person_id" AND d."account_id" = a."id" AND d."ref" = ${ref}
        AND d."state" IN ('sent', 'delivered', 'seen')`;
    return changed > 0;
  };

export const deliveryStore = (db: Db, keys: Keys, options: ViewOptions): DeliveryStore => {
  const remembering = { ...keys, person: recentCells(keys) };
  return {
    ...deliveryClaims(db, remembering),
    settle: settle(db, keys),
    sweep: (idempotent, times) => sweepDeliveries(db, idempotent, times),
    view: deliveryViews(db, remembering, options),
    receive: receive(db, keys),
  };
};
