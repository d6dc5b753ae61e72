import { PGlite } from "@electric-sql/pglite";

/**
 * Runs in a process of its own, because making a cluster takes some 400 MB that WebAssembly never gives back.
 * Makes the cluster in the folder that is its argument, and ends when its parent does.
 */
process.on("disconnect", () => process.exit(1));
const db = await PGlite.create(process.argv[2] ?? "");
await db.close();
process.exit(0);
