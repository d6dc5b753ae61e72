import { defineConfig } from "prisma/config";

/** Prisma's own command line. The service applies the migrations itself (src/database/migrate.ts) and needs none of this. */
export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  datasource: { url: process.env.DATABASE_URL ?? "postgresql://unset:unset@127.0.0.1:1/unset" },
});
