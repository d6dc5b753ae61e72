import type { Next } from "../domain/settle.ts";
import type { Settled, Times } from "../ports/store/delivery-store.ts";
import { Prisma } from "./generated/client.ts";

/** A result of one kind. */
export type Of<Kind extends Next["kind"]> = Settled & { readonly next: Extract<Next, { readonly kind: Kind }> };

/** PostgreSQL has no U+0000 in text, and platforms' words are not ours to trust. */
const clean = (words: string): string => words.replaceAll("\u0000", "");

/**
 * The rows that these results may still write: of the same claim, and not put back to pending since. `columns` come as
 * arrays, one value a row.
 */
const rows = (results: readonly Settled[], columns: Prisma.Sql, names: Prisma.Sql): Prisma.Sql => Prisma.sql`
  unnest(${results.map(({ delivery }) => delivery.id)}::bigint[],
         ${results.map(({ delivery }) => delivery.lease)}::text[],
         ${results.map(({ delivery }) => delivery.rev)}::int[], ${columns}) AS r("id", "lease", "rev", ${names})
  WHERE d."id" = r."id" AND d."lease_id" = r."lease"
    AND d."state" IN ('sending', 'in-doubt', 'sent', 'delivered', 'seen')`;

/** Its process lives: whatever became of it, it is no suspect. */
const LET_GO = Prisma.sql`"lease_id" = NULL, "lease_until" = NULL, "begun_at" = NULL, "deaths" = 0`;
const UNDERWAY = Prisma.sql`d."state" IN ('sending', 'in-doubt')`;
const BEFORE = Prisma.sql`d."maybe_sent"`;

/**
 * Where it goes that has not arrived: back to wait. What was withdrawn meanwhile never goes again; it is in doubt where an
 * earlier request may have arrived. That stands in the row itself, for whoever withdrew it may have done so while this
 * statement waited for them. `lost`: it has nowhere to go.
 */
export const unsent = (now: Date, maybe = BEFORE, lost = Prisma.sql`FALSE`): Prisma.Sql => Prisma.sql`
  "doubt_at" = CASE WHEN ${UNDERWAY} AND d."withdrawn" AND ${maybe} THEN ${now}::timestamptz END,
  "state" = CASE WHEN NOT ${UNDERWAY} THEN d."state" WHEN ${lost} THEN 'gone' WHEN NOT d."withdrawn" THEN 'pending'
    WHEN ${maybe} THEN 'in-doubt' ELSE 'stopped' END`;

export const drawn = (results: readonly Of<"drawn">[], { now }: Times): Prisma.Sql => Prisma.sql`
  UPDATE "delivery" d SET ${LET_GO}, "attempts" = 0, "doubt_at" = NULL,
    "state" = CASE WHEN ${UNDERWAY} THEN 'sent' ELSE d."state" END,
    "sent_at" = coalesce(d."sent_at", ${now}::timestamptz), "ref" = r."ref",
    "drawn_rev" = greatest(d."drawn_rev", r."rev"), "shown_locale" = coalesce(r."locale", d."shown_locale")
  FROM ${rows(
    results,
    Prisma.sql`${results.map(({ next }) => clean(next.ref))}::text[], ${results.map(({ shownLocale }) => shownLocale)}::text[]`,
    Prisma.sql`"ref", "locale"`,
  )}`;

/** Back to wait; where a whole chat is to wait, so does everything else for it that has not begun. */
export const again = (results: readonly Of<"again">[], { now }: Times): Prisma.Sql => {
  const ats = results.map(({ next }) => {
    const waits = next.scope === "chat" || next.scope === "message" ? next.ms : 0;
    return new Date(now.getTime() + waits);
  });
  // Attempts are counted on where nobody knows whether the last one arrived.
  const maybe = Prisma.sql`(d."maybe_sent" OR r."attempts" > 0 AND d."begun_at" IS NOT NULL)`;
  return Prisma.sql`
  WITH put AS (
    UPDATE "delivery" d SET ${LET_GO}, "attempts" = r."attempts", "at" = r."at",
      "maybe_sent" = ${maybe}, ${unsent(now, maybe)}
    FROM ${rows(
      results,
      Prisma.sql`${results.map(({ next }) => next.attempts)}::int[], ${ats}::timestamptz[],
                 ${results.map(({ next }) => next.scope === "chat")}::boolean[]`,
      Prisma.sql`"attempts", "at", "chat"`,
    )}
    RETURNING d."person_id", d."account_id", d."at", r."chat")
  UPDATE "delivery" d SET "at" = put."at"
  FROM put WHERE put."chat" AND d."person_id" = put."person_id" AND d."account_id" = put."account_id"
    AND d."state" IN ('pending', 'sending') AND d."begun_at" IS NULL AND d."at" < put."at"
    AND d."id" <> ALL (${results.map(({ delivery }) => delivery.id)}::bigint[])`;
};

/** The platform, or one kind of request to it, rests; all processes keep to it. */
export const pause = (results: readonly Of<"again">[], { real }: Times): Prisma.Sql | null => {
  const waits = new Map<string, { platform: string; method: string; ms: number }>();
  for (const { delivery, next } of results) {
    if (next.scope !== "bot" && next.scope !== "method") continue;
    const method = next.scope === "bot" ? "*" : delivery.work;
    const { platform } = delivery.address;
    const known = waits.get(`${platform} ${method}`)?.ms ?? 0;
    waits.set(`${platform} ${method}`, { platform, method, ms: Math.max(known, next.ms) });
  }
  if (waits.size === 0) return null;
  const all = [...waits.values()];
  return Prisma.sql`
  INSERT INTO "platform_pause" AS p ("platform", "method", "until")
  SELECT * FROM unnest(${all.map(({ platform }) => platform)}::text[], ${all.map(({ method }) => method)}::text[],
                       ${all.map(({ ms }) => new Date(real.getTime() + ms))}::timestamptz[])
  ON CONFLICT ("platform", "method") DO UPDATE SET "until" = greatest(p."until", excluded."until")`;
};

/** Given up. What stands in the chat already keeps standing there as it is. */
const givenUp = (state: "gone" | "refused", results: readonly Of<"gone" | "refused">[]): Prisma.Sql => Prisma.sql`
  UPDATE "delivery" d SET ${LET_GO},
    "state" = CASE WHEN ${UNDERWAY} THEN ${state} ELSE d."state" END,
    "why" = CASE WHEN ${UNDERWAY} THEN r."why" ELSE d."why" END,
    "drawn_rev" = CASE WHEN ${UNDERWAY} THEN d."drawn_rev" ELSE greatest(d."drawn_rev", r."rev") END
  FROM ${rows(results, Prisma.sql`${results.map(({ next }) => clean(next.why))}::text[]`, Prisma.sql`"why"`)}`;

export const refused = (results: readonly Of<"refused">[]): Prisma.Sql => givenUp("refused", results);

/** Nothing reaches this address any more: neither this message nor the next notice. */
export const gone = (results: readonly Of<"gone">[]): Prisma.Sql => Prisma.sql`
  WITH lost AS (${givenUp("gone", results)} RETURNING d."account_id", r."why")
  UPDATE "account" a SET "gone" = lost."why" FROM lost WHERE a."id" = lost."account_id"`;

/** Stopped before it left; what stands in the chat keeps standing there. Its day does not count it as a push. */
export const moot = (results: readonly Of<"moot">[]): Prisma.Sql => Prisma.sql`
  UPDATE "delivery" d SET ${LET_GO},
    "state" = CASE WHEN d."state" = 'sending' THEN 'stopped' ELSE d."state" END,
    "drawn_rev" = CASE WHEN d."state" = 'sending' THEN d."drawn_rev" ELSE greatest(d."drawn_rev", r."rev") END
  FROM ${rows(results, Prisma.sql`${results.map(() => null)}::text[]`, Prisma.sql`"none"`)}`;

export const doubted = (results: readonly Of<"doubted">[], { now }: Times): Prisma.Sql => Prisma.sql`
  UPDATE "delivery" d SET "lease_until" = NULL,
    "state" = CASE WHEN d."state" = 'sending' THEN 'in-doubt' ELSE d."state" END,
    "doubt_at" = CASE WHEN d."state" = 'sending' THEN ${now}::timestamptz ELSE d."doubt_at" END
  FROM ${rows(results, Prisma.sql`${results.map(() => null)}::text[]`, Prisma.sql`"none"`)}`;

export const returned = (results: readonly Of<"returned">[], { now }: Times): Prisma.Sql => Prisma.sql`
  UPDATE "delivery" d SET ${LET_GO}, "attempts" = greatest(0, d."attempts" - 1), ${unsent(now)}
  FROM ${rows(results, Prisma.sql`${results.map(() => null)}::text[]`, Prisma.sql`"none"`)}`;
