import { randomBytes, randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import packageJson from "../package.json" with { type: "json" };
import type { Toolbox } from "./cli/toolbox.ts";
import { takeSnapshot } from "./database/snapshot.ts";
import type { PersonUid } from "./domain/ids.ts";
import { invitationCode } from "./domain/invitation-code.ts";
import { problem, reason } from "./domain/problem.ts";
import { examinationsOf } from "./examinations.ts";
import { backupFiles } from "./files/backup-files.ts";
import { parseMarkdown } from "./files/markdown.ts";
import { readNoticeFile } from "./files/notice-file.ts";
import { openTables } from "./files/open-tables.ts";
import { writeSheet } from "./files/write-sheet.ts";
import type { Installation } from "./installation.ts";
import { withLeanHeap } from "./lean-heap.ts";
import { checkProof } from "./ledger/check-proof.ts";
import { contentHash } from "./ledger/content-hash.ts";
import { wording } from "./locale/wording.ts";
import { printer } from "./print/printer.ts";
import { backUp } from "./services/back-up.ts";
import { examineAll } from "./services/examine.ts";
import { importRoster } from "./services/import-roster.ts";
import { verify } from "./services/verify.ts";

/** The platforms that are switched on, in the order in which they are preferred for a person who has several. */
const PLATFORMS = ["web"] as const;

/** A path as one would type it where the command was given; as it is where that is not here, or only leads out of here. */
const nearby = (cwd: string, path: string): string => {
  const near = cwd === process.cwd() ? relative(cwd, path) : "";
  return near === "" || near.startsWith("..") ? path : near;
};

const newUid = (): PersonUid => randomUUID() as string as PersonUid;
/** 128 random bits. */
const newWebAddress = (): string => randomBytes(16).toString("base64url");

const invitingWith = ({ stores: { enrolments, invitations }, keys, clock }: Installation): Toolbox["inviting"] => ({
  ...{ invitations, enrolments, keys, clock, platforms: PLATFORMS },
  newCode: () => invitationCode(randomBytes(10)),
});

/**
 * What the command line works with, here or behind the private door. `address` is where people's browsers reach the service,
 * `cwd` the folder in which the command was given.
 */
export const openToolbox = (installation: Installation, address: string, cwd = process.cwd()): Toolbox => {
  const { calendar, clock, config, database, keys, ledger, queue, stores } = installation;
  const backingUp = {
    ...{ keys, ledger, clock, files: backupFiles, version: packageJson.version },
    ...{ keyStore: stores.keys, ledgerStore: stores.ledger, takeSnapshot: takeSnapshot(database) },
  };
  const importing = { openTables, roster: stores.roster, keys, clock, platforms: PLATFORMS, newUid, newWebAddress };
  const preparing = { notices: stores.notices, calendar, clock, parse: parseMarkdown, platforms: PLATFORMS };
  return {
    clock,
    coverage: stores.coverage,
    exporting: { exports: stores.exports, ledgerStore: stores.ledger, ledger, clock, zone: config.zone },
    ...{ inviting: invitingWith(installation), printer },
    linking: { people: stores.people, access: stores.access, keys, clock },
    publishing: { ...preparing, queue },
    recalling: { amends: stores.amends, hash: contentHash, clock, queue, platforms: PLATFORMS },
    superseding: { ...preparing, amends: stores.amends, queue, wording },
    holding: { held: stores.held, queue, platforms: PLATFORMS },
    ...{ address, pace: { web: null } },
    readNotice: async (path, supersedes) => {
      const file = nearby(cwd, path);
      const text = await readFile(path, "utf8").catch(() => null);
      if (text === null) return { problems: [problem({ file, line: null }, reason("unreadable", { code: "" }))] };
      return readNoticeFile(file, text, contentHash, supersedes);
    },
    importRoster: (request) =>
      withLeanHeap(() =>
        importRoster(importing, { ...request, files: request.files.map((file) => nearby(cwd, file)) }),
      ),
    backUp: (file, force, progress) => backUp(backingUp, { file, force, progress }),
    writeSheet,
    migrate: () => database.migrate(),
    verify: (savedHead, progress) =>
      verify({ ledgerStore: stores.ledger, ledger }, savedHead === null ? { progress } : { savedHead, progress }),
    checkProof: (text) => checkProof(text).kind === "included",
    examine: (progress) => {
      const common = { config, clock, calendar, queue: config.redisUrl === null ? null : queue, missing: [] };
      return examineAll(
        examinationsOf({ ...common, opened: { database, stores }, secrets: { keys, ledger } }),
        progress,
      );
    },
    readText: (path) => readFile(path, "utf8").catch(() => null),
    writeText: (path, text) => writeFile(path, text),
  };
};
