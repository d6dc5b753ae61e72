/**
 * Asks Prisma's own schema engine, the one of `prisma migrate deploy`, what it thinks of a database's history and what
 * it would still apply. A process of its own for each question: the engine can be loaded once.
 *
 *   node test/setup/ask-prisma.mjs postgresql://…
 */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";

const migrationsList = {
  baseDir: `${process.cwd()}/prisma/migrations`,
  lockfile: { path: "migration_lock.toml", content: readFileSync("prisma/migrations/migration_lock.toml", "utf8") },
  shadowDbInitScript: "",
  migrationDirectories: readdirSync("prisma/migrations")
    .filter((name) => /^\d/.test(name))
    .sort()
    .map((name) => {
      const value = readFileSync(`prisma/migrations/${name}/migration.sql`, "utf8");
      return { path: name, migrationFile: { path: "migration.sql", content: { tag: "ok", value } } };
    }),
};
globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => console.error(message) };
const path = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
const glue = await import(path);
const { instance } = await WebAssembly.instantiate(readFileSync(path.replace(/\.js$/, ".wasm")), {
  "./schema_engine_bg.js": glue,
});
glue.__wbg_set_wasm(instance.exports);
instance.exports.__wbindgen_start?.();
const schema = [["prisma/schema.prisma", readFileSync("prisma/schema.prisma", "utf8")]];
const factory = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: process.argv[2] }));
const engine = await glue.SchemaEngine.new({ datamodels: schema }, () => {}, factory);
const filters = { externalTables: [], externalEnums: [] };
const history = await engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters });
const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters });
const answer = {
  edited: history.editedMigrationNames,
  departs: history.history ?? null,
  applied: appliedMigrationNames,
};
console.log(JSON.stringify(answer));
process.exit(0);
