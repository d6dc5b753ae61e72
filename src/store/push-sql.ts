import type { PushHours } from "../ports/calendar.ts";
import { Prisma } from "./generated/client.ts";
import type { Column } from "./innermost.ts";

/** What a push needs to know of the hours at which its person may be disturbed. */
export const HOURS_COLUMNS: readonly Column<{
  readonly lft: number;
  readonly rgt: number;
  readonly hours: PushHours;
}>[] = [
  { name: "day", type: "text", of: ({ hours }) => hours.day },
  { name: "opens", type: "timestamptz", of: ({ hours }) => hours.open?.from ?? null },
  { name: "closes", type: "timestamptz", of: ({ hours }) => hours.open?.until ?? null },
  { name: "most", type: "int", of: ({ hours }) => hours.most },
  { name: "day_ends", type: "timestamptz", of: ({ hours }) => hours.dayEnds },
  { name: "digest_at", type: "timestamptz", of: ({ hours }) => hours.digestAt },
];

/** How many ordinary pushes people have had on these days. To be joined by "person_id" and "push_day". */
export const pushedOn = (days: readonly string[]): Prisma.Sql => Prisma.sql`(
  SELECT p."person_id", p."push_day", count(*)::int AS "pushes" FROM "delivery" p
  WHERE p."push_day" = ANY (${[...days]}::text[]) AND p."state" NOT IN ('folded', 'stopped', 'gone', 'refused')
  GROUP BY p."person_id", p."push_day")`;
