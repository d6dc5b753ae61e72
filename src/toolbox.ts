import { randomBytes, randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import type { Toolbox } from "./cli/toolbox.ts";
import type { PersonUid } from "./domain/ids.ts";
import { problem, reason } from "./domain/problem.ts";
import { parseMarkdown } from "./files/markdown.ts";
import { readNoticeFile } from "./files/notice-file.ts";
import { openTable } from "./files/open-table.ts";
import type { Installation } from "./installation.ts";
import { checkProof } from "./ledger/check-proof.ts";
import { contentHash } from "./ledger/content-hash.ts";
import { switchedOn } from "./open-platforms.ts";
import { importRoster } from "./services/import-roster.ts";
import { verify } from "./services/verify.ts";

/** A path as one would type it here; as it is where that would only lead out of here. */
const nearby = (path: string): string => {
  const near = relative(process.cwd(), path);
  return near === "" || near.startsWith("..") ? path : near;
};

const newUid = (): PersonUid => randomUUID() as string as PersonUid;
/** 128 random bits. */
const newWebAddress = (): string => randomBytes(16).toString("base64url");

/** What the command line works with, here or behind the private door. `address` is where people's browsers reach the service. */
export const openToolbox = (installation: Installation, address: string): Toolbox => {
  const { calendar, config, clock, keys, ledger, queue, stores } = installation;
  const importing = { openTable, roster: stores.roster, keys, clock, newUid, newWebAddress };
  return {
    clock,
    coverage: stores.coverage,
    linking: { people: stores.people, access: stores.access, keys, clock },
    publishing: {
      notices: stores.notices,
      calendar,
      clock,
      queue,
      parse: parseMarkdown,
      platforms: switchedOn(config),
    },
    address,
    pace: { web: null, telegram: config.telegram?.rate ?? null },
    readNotice: async (path) => {
      const file = relative(process.cwd(), path) || path;
      const text = await readFile(path, "utf8").catch(() => null);
      if (text === null) return { problems: [problem({ file, line: null }, reason("unreadable", { code: "" }))] };
      return readNoticeFile(file, text, contentHash);
    },
    importRoster: (files, dryRun, progress) => importRoster(importing, { files: files.map(nearby), dryRun, progress }),
    verify: (savedHead, progress) =>
      verify({ ledgerStore: stores.ledger, ledger }, savedHead === null ? { progress } : { savedHead, progress }),
    checkProof: (text) => checkProof(text).kind === "included",
    readText: (path) => readFile(path, "utf8").catch(() => null),
    writeText: (path, text) => writeFile(path, text),
  };
};
