import { execFileSync } from "node:child_process";
import { availableParallelism, cpus, release, type as system, totalmem } from "node:os";
import { join } from "node:path";
import type { Programs } from "../setup/programs.ts";

const version = (program: string): string =>
  /\d+\.\d+(\.\d+)?/.exec(execFileSync(program, ["--version"], { encoding: "utf8" }))?.[0] ?? "?";

/** What the figures were taken on, in a line. */
export const machine = ({ postgres, redis }: Programs): string => {
  const model = cpus()[0]?.model.trim() ?? "?";
  const databases = [
    ...(process.env.TEST_DATABASE_URL
      ? ["PostgreSQL at TEST_DATABASE_URL"]
      : postgres
        ? [
            `PostgreSQL ${version(join(postgres, "postgres"))} (fsync on, shared_buffers 1 GB, max_wal_size 4 GB, otherwise as it comes)`,
          ]
        : []),
    ...(redis ? [`Redis ${version(redis)}`] : []),
  ];
  return [
    `${model}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GB`,
    `${system()} ${release()}`,
    `Node ${process.versions.node}`,
    ...databases,
  ].join("; ");
};
