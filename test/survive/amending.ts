import { fileURLToPath } from "node:url";
import { Pool } from "pg";
import type { NoticeDraft } from "../../src/domain/notice.ts";
import { parseMarkdown } from "../../src/files/markdown.ts";
import { contentHash } from "../../src/ledger/content-hash.ts";
import { openLedger } from "../../src/ledger/ledger.ts";
import { wording } from "../../src/locale/wording.ts";
import type { EntryBytes } from "../../src/ports/ledger.ts";
import type { Queue } from "../../src/ports/queue.ts";
import { recallNotice } from "../../src/services/recall-notice.ts";
import { supersedeNotice } from "../../src/services/supersede-notice.ts";
import { amendStore } from "../../src/store/amends.ts";
import { type Db, openPrisma } from "../../src/store/client.ts";
import { noticeStore } from "../../src/store/notices.ts";
import { anyHour } from "../calendars.ts";

/** By which name its connections are known. */
export const AMENDER = "amender";

/** What is done to a notice: taken back, or replaced where there is a draft. */
export interface Deed {
  readonly number: string;
  readonly draft: NoticeDraft | null;
}

interface Parts {
  readonly db: Db;
  readonly entryBytes: EntryBytes;
  readonly queue: Pick<Queue, "hint">;
}

/** Does it as the command line would, for people of the scripted platform; tells what came of it. */
export const amend = async ({ db, entryBytes, queue }: Parts, { number, draft }: Deed): Promise<string> => {
  const parts = {
    ...{ amends: amendStore(db, entryBytes), queue, platforms: ["scripted-telegram"] as const },
    clock: { now: () => new Date(), real: () => new Date() },
  };
  if (!draft) return (await recallNotice({ ...parts, hash: contentHash }, number, "写错了", { dryRun: false })).kind;
  const preparing = { calendars: anyHour, parse: parseMarkdown, wording };
  const notices = noticeStore(db, entryBytes);
  return (await supersedeNotice({ ...parts, ...preparing, notices }, { replaces: number, draft, askAgain: false }))
    .kind;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , deed = ""] = process.argv;
  const { DATABASE_URL: connectionString, LEDGER_KEY = "" } = process.env;
  const db = openPrisma(new Pool({ connectionString, application_name: AMENDER }));
  const { entryBytes } = openLedger(LEDGER_KEY);
  console.log(await amend({ db, entryBytes, queue: { hint: async () => {} } }, JSON.parse(deed) as Deed));
  process.exit(0);
}
