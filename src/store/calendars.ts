import type { CalendarRow } from "../domain/calendar-row.ts";
import { parseHours } from "../domain/working-hours.ts";
import type { DayOverride, UnitOverrides } from "../ports/calendar.ts";
import type { EntryBytes } from "../ports/ledger.ts";
import type { CalendarStore } from "../ports/store/calendar-store.ts";
import type { Db } from "./client.ts";
import type { Prisma } from "./generated/client.ts";
import { provisionalNotices, reschedule } from "./reschedule.ts";

type Tx = Prisma.TransactionClient;

interface Row {
  unit: bigint | null;
  lft: number | null;
  rgt: number | null;
}

const dayOf = ({ day, works, hours }: { day: string; works: boolean; hours: string | null }): DayOverride => ({
  day,
  works,
  hours: hours === null ? null : parseHours(hours),
});

const overrides = async (db: Db): ReturnType<CalendarStore["overrides"]> => {
  const days = await db.$queryRaw<(Row & { day: string; works: boolean; hours: string | null })[]>`
    SELECT c."unit_id" AS "unit", u."lft", u."rgt", c."day", c."works", c."hours"
    FROM "calendar_day" c LEFT JOIN "unit" u ON u."id" = c."unit_id" ORDER BY c."day"`;
  const units = await db.$queryRaw<(Row & { zone: string | null; hours: string | null })[]>`
    SELECT c."unit_id" AS "unit", u."lft", u."rgt", c."zone", c."hours"
    FROM "calendar_unit" c LEFT JOIN "unit" u ON u."id" = c."unit_id"`;
  const of = (unit: bigint | null): Omit<UnitOverrides, "lft" | "rgt"> => {
    const own = units.find((row) => row.unit === unit);
    return {
      zone: own?.zone ?? null,
      hours: own?.hours ? parseHours(own.hours) : null,
      days: days.filter((row) => row.unit === unit).map(dayOf),
    };
  };
  const placed = new Map<bigint, { lft: number; rgt: number }>();
  for (const { unit, lft, rgt } of [...days, ...units])
    if (unit !== null && lft !== null && rgt !== null) placed.set(unit, { lft, rgt });
  return {
    whole: of(null),
    units: [...placed].map(([unit, at]) => ({ ...at, ...of(unit) })).sort((one, other) => one.lft - other.lft),
  };
};

const saveDay = (
  tx: Tx,
  unit: bigint | null,
  day: string,
  { works, hours, name }: Extract<CalendarRow, { kind: "days" }>,
) =>
  works === null
    ? tx.$executeRaw`DELETE FROM "calendar_day" WHERE "unit_id" IS NOT DISTINCT FROM ${unit}::bigint AND "day" = ${day}`
    : tx.$executeRaw`
      INSERT INTO "calendar_day" AS c ("unit_id", "day", "works", "hours", "name")
      VALUES (${unit}::bigint, ${day}, ${works}, ${hours}::text, ${name}::text)
      ON CONFLICT ("unit_id", "day") DO UPDATE SET "works" = excluded."works", "hours" = excluded."hours", "name" = excluded."name"
      WHERE (c."works", c."hours", c."name") IS DISTINCT FROM (excluded."works", excluded."hours", excluded."name")`;

const saveUnit = (tx: Tx, unit: bigint | null, { zone, hours }: Extract<CalendarRow, { kind: "unit" }>) =>
  tx.$executeRaw`
    INSERT INTO "calendar_unit" AS c ("unit_id", "zone", "hours") VALUES (${unit}::bigint, ${zone}::text, ${hours}::text)
    ON CONFLICT ("unit_id") DO UPDATE SET "zone" = excluded."zone", "hours" = excluded."hours"
    WHERE (c."zone", c."hours") IS DISTINCT FROM (excluded."zone", excluded."hours")`;

const saveRow = async (tx: Tx, unit: bigint | null, row: CalendarRow): Promise<number> => {
  if (row.kind === "unit") return saveUnit(tx, unit, row);
  let changed = 0;
  for (const day of row.days) changed += await saveDay(tx, unit, day, row);
  return changed;
};

export const calendarStore = (db: Db, entryBytes: EntryBytes): CalendarStore => ({
  overrides: () => overrides(db),

  save: (rows) =>
    db.$transaction(async (tx) => {
      const codes = [...new Set(rows.flatMap(({ unit }) => unit ?? []))];
      const units = await tx.unit.findMany({ where: { code: { in: codes } }, select: { id: true, code: true } });
      const ids = new Map(units.map(({ id, code }) => [code, id]));
      const unknown = rows.flatMap(({ unit, line }) => (unit === null || ids.has(unit) ? [] : [{ unit, line }]));
      if (unknown.length > 0) return { unknown };
      let changed = 0;
      for (const row of rows) changed += await saveRow(tx, row.unit === null ? null : (ids.get(row.unit) ?? null), row);
      return { changed };
    }),

  provisional: () => provisionalNotices(db),
  reschedule: (...what) => reschedule(db, entryBytes, ...what),
});
