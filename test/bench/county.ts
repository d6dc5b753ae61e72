import type { Db } from "../../src/store/client.ts";

const TOWNS = 100;

/** So many people with a web chat, the nth of them principal of the unit whose id is so many above n. */
export const fillPeople = async (db: Db, count: number, above: number): Promise<void> => {
  await db.$executeRaw`
    INSERT INTO "person" ("id", "uid", "name_cell", "name_index")
    SELECT n, gen_random_uuid()::text, sha256(n::text::bytea), sha256(n::text::bytea) FROM generate_series(1, ${count}::int) n`;
  await db.$executeRaw`
    INSERT INTO "account" ("person_id", "platform", "address_cell", "address_index")
    SELECT n, 'web', sha256(n::text::bytea), sha256(n::text::bytea) FROM generate_series(1, ${count}::int) n`;
  await db.$executeRaw`
    INSERT INTO "post" ("unit_id", "person_id", "post")
    SELECT ${above}::int + n, n, 'principal' FROM generate_series(1, ${count}::int) n`;
  // What comes after these takes numbers of its own.
  for (const table of ["unit", "person"])
    await db.$queryRawUnsafe(
      `SELECT setval(pg_get_serial_sequence('${table}', 'id'), (SELECT max("id") FROM "${table}"))`,
    );
  for (const table of ["unit", "person", "account", "post"]) await db.$executeRawUnsafe(`VACUUM ANALYZE "${table}"`);
};

/** A county with a hundred towns and as many enterprises as recipients, every one with a principal who has a web chat. */
export const fillCounty = async (db: Db, recipients: number): Promise<void> => {
  const each = recipients / TOWNS;
  const edges = 2 * each + 2;
  await db.$executeRaw`
    INSERT INTO "unit" ("id", "code", "name", "kind", "industries", "site_types", "lft", "rgt", "depth")
    VALUES (1, 'county', 'county', 'authority', '{}', '{}', 1, ${2 + TOWNS * edges}::int, 0)`;
  await db.$executeRaw`
    INSERT INTO "unit" ("id", "code", "name", "kind", "parent_id", "industries", "site_types", "lft", "rgt", "depth")
    SELECT 1 + t, 'town' || t, 'town' || t, 'authority', 1, '{}', '{}', 2 + (t - 1) * ${edges}::int, 1 + t * ${edges}::int, 1
    FROM generate_series(1, ${TOWNS}::int) t`;
  await db.$executeRaw`
    INSERT INTO "unit" ("id", "code", "name", "kind", "parent_id", "industries", "site_types", "lft", "rgt", "depth")
    SELECT 1000 + n, 'firm' || n, 'firm' || n, 'enterprise', 2 + (n - 1) / ${each}::int, '{other}', '{}',
           3 + ((n - 1) / ${each}::int) * ${edges}::int + 2 * ((n - 1) % ${each}::int),
           4 + ((n - 1) / ${each}::int) * ${edges}::int + 2 * ((n - 1) % ${each}::int), 2
    FROM generate_series(1, ${recipients}::int) n`;
  await fillPeople(db, recipients, 1000);
};
