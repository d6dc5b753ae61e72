import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

/**
 * The program as `npm run build` makes it, types unchecked, in a folder where it finds its libraries: tests start it a
 * hundred times, and still TypeScript it would be compiled each time.
 */
export const compileProgram = async (): Promise<{ readonly main: string; remove(): Promise<void> }> => {
  const folder = mkdtempSync(join(process.cwd(), "node_modules/.chuanda-test-"));
  const options = ["-p", "tsconfig.build.json", "--noCheck", "--outDir", folder];
  await promisify(execFile)(process.execPath, ["node_modules/typescript/bin/tsc", ...options]);
  for (const part of ["prisma", "src/web/assets"]) cpSync(part, join(folder, part), { recursive: true });
  cpSync("package.json", join(folder, "package.json"));
  return {
    main: join(folder, "src/main.js"),
    remove: async () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
};
