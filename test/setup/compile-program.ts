import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

/** Processes of the tests' own. */
const OURS = ["test/survive/worker.ts", "test/importing/import-process.ts", "test/ledger/sealer-process.ts"];

/**
 * The program as `npm run build` makes it, types unchecked, in a folder where it finds its libraries, and the tests' own
 * processes beside it: tests start them a hundred times, and still TypeScript they would be compiled each time.
 */
export const compileProgram = async (): Promise<{ readonly folder: string; remove(): Promise<void> }> => {
  const folder = mkdtempSync(join(process.cwd(), "node_modules/.chuanda-test-"));
  const here = (path: string) => join(process.cwd(), path);
  const project = join(folder, "tsconfig.json");
  writeFileSync(
    project,
    JSON.stringify({
      extends: here("tsconfig.build.json"),
      compilerOptions: { outDir: folder, rootDir: here("."), noCheck: true, sourceMap: false },
      include: ["src", "locales", ...OURS].map(here),
    }),
  );
  await promisify(execFile)(process.execPath, ["node_modules/typescript/bin/tsc", "-p", project]);
  for (const part of ["prisma", "src/web/assets"]) cpSync(part, join(folder, part), { recursive: true });
  cpSync("package.json", join(folder, "package.json"));
  return {
    folder,
    remove: async () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
};
