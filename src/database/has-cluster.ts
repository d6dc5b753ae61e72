import { existsSync } from "node:fs";
import { join } from "node:path";

/** Whether an embedded database was ever made here. */
export const hasCluster = (dataDir: string): boolean => existsSync(join(dataDir, "postgres", "cluster"));
