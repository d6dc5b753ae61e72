import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Toolbox } from "./cli/toolbox.ts";
import type { CastList } from "./demo/story.ts";
import type { NoticeDraft } from "./domain/notice.ts";

const DATA = new URL("../prisma/demo/", import.meta.url);

/** Where one of the demo's own files lies. */
export const demoPath = (name: string): string => fileURLToPath(new URL(name, DATA));

/** Whom one plays in it. */
export const demoCast = async (): Promise<CastList> =>
  JSON.parse(await readFile(demoPath("cast.json"), "utf8")) as CastList;

/** Imports files made of the demo's own. Throws where they are wrong, which is a mistake of ours. */
export const importDemo = async ({ importRoster }: Toolbox, files: readonly string[]): Promise<void> => {
  const { kind } = await importRoster({ files, dryRun: false, complete: [], progress: () => {} });
  if (kind !== "imported") throw new Error(`the demo's own files: ${kind}`);
};

/** One of the demo's notices. Throws where it is wrong, which is a mistake of ours. */
export const demoNotice = async ({ readNotice }: Toolbox, name: string): Promise<NoticeDraft> => {
  const read = await readNotice(demoPath(name));
  if ("problems" in read) throw new Error(`the demo's own ${name} is wrong`);
  return read.draft;
};
