import { randomBytes, randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import packageJson from "../package.json" with { type: "json" };
import type { Toolbox } from "./cli/toolbox.ts";
import { takeSnapshot } from "./database/snapshot.ts";
import type { PersonUid } from "./domain/ids.ts";
import { invitationCode } from "./domain/invitation-code.ts";
import type { PlatformName } from "./domain/platform.ts";
import { problem, reason } from "./domain/problem.ts";
import { backupFiles } from "./files/backup-files.ts";
import { parseMarkdown } from "./files/markdown.ts";
import { writeSheet } from "./files/write-sheet.ts";
import type { Installation } from "./installation.ts";
import { withLeanHeap } from "./lean-heap.ts";
import { checkProof } from "./ledger/check-proof.ts";
import { contentHash } from "./ledger/content-hash.ts";
import { wording } from "./locale/wording.ts";
import { printer } from "./print/printer.ts";
import { backUp } from "./services/back-up.ts";
import { examineAll } from "./services/examine.ts";
import { type CalendarImport, importCalendar } from "./services/import-calendar.ts";
import { importRoster } from "./services/import-roster.ts";
import { verify } from "./services/verify.ts";
import { isZone } from "./settings.ts";
import { switchedOn } from "./switched-on.ts";

/** A path as one would type it where the command was given; as it is where that is not here, or only leads out of here. */
const nearby = (cwd: string, path: string): string => {
  const near = cwd === process.cwd() ? relative(cwd, path) : "";
  return near === "" || near.startsWith("..") ? path : near;
};

const newUid = (): PersonUid => randomUUID() as string as PersonUid;
/** 128 random bits. */
const newWebAddress = (): string => randomBytes(16).toString("base64url");

const examinations = async ({ calendars, clock, config, database, keys, ledger, queue, stores }: Installation) => {
  const { examinationsOf } = await import("./examinations.ts");
  const common = { config, clock, calendars, queue: config.redisUrl === null ? null : queue, missing: [] };
  return examinationsOf({ ...common, opened: { database, stores }, secrets: { keys, ledger } });
};

const invitingWith = (
  { stores: { enrolments, invitations }, keys, clock }: Installation,
  platforms: readonly PlatformName[],
): Toolbox["inviting"] => ({
  ...{ invitations, enrolments, keys, clock, platforms },
  newCode: () => invitationCode(randomBytes(10)),
});

/** Messages a second of each platform that is switched on; null for one without a limit. */
const pacesOf = ({ telegram, slack }: Installation["config"]): Toolbox["pace"] => ({
  ...{ web: null, telegram: telegram?.rate ?? null, slack: slack?.rate ?? null },
});

/** `file`: what the path is called in what is said about it. */
const readNoticeAt = async (path: string, file: string, supersedes?: string): ReturnType<Toolbox["readNotice"]> => {
  const text = await readFile(path, "utf8").catch(() => null);
  if (text === null) return { problems: [problem({ file, line: null }, reason("unreadable", { code: "" }))] };
  const { readNoticeFile } = await import("./files/notice-file.ts");
  return readNoticeFile(file, text, contentHash, supersedes);
};

const importCalendarFile = async (
  { stores, calendars, clock, queue }: Installation,
  path: string,
  file: string,
): Promise<CalendarImport> => {
  const { readCalendarFile } = await import("./files/calendar-file.ts");
  const read = await readCalendarFile(path, file, isZone);
  if ("problems" in read) return { kind: "refused", problems: read.problems };
  return importCalendar({ calendarStore: stores.calendars, calendars, clock, queue }, file, read.rows);
};

/**
 * What the command line works with, here or behind the private door. `address` is where people's browsers reach the service,
 * `cwd` the folder in which the command was given.
 */
export const openToolbox = (installation: Installation, address: string, cwd = process.cwd()): Toolbox => {
  const { calendars, clock, config, database, keys, ledger, queue, stores } = installation;
  const platforms = switchedOn(config);
  const backingUp = {
    ...{ keys, ledger, clock, files: backupFiles, version: packageJson.version },
    ...{ keyStore: stores.keys, ledgerStore: stores.ledger, takeSnapshot: takeSnapshot(database) },
  };
  const importing = { roster: stores.roster, keys, clock, platforms, newUid, newWebAddress };
  const preparing = { notices: stores.notices, calendars, clock, parse: parseMarkdown, platforms };
  return {
    clock,
    coverage: stores.coverage,
    exporting: { exports: stores.exports, ledgerStore: stores.ledger, ledger, clock, zone: config.zone },
    ...{ inviting: invitingWith(installation, platforms), printer },
    leaving: { leaves: stores.leaves, clock },
    linking: { people: stores.people, access: stores.access, keys, clock },
    publishing: { ...preparing, queue },
    rehearsing: { ...preparing, chase: stores.chase },
    recalling: { amends: stores.amends, hash: contentHash, clock, queue, platforms },
    superseding: { ...preparing, amends: stores.amends, queue, wording },
    holding: { held: stores.held, queue, platforms },
    parking: { inbound: stores.inbound, queue },
    ...{ address, pace: pacesOf(config) },
    readNotice: (path, supersedes) => readNoticeAt(path, nearby(cwd, path), supersedes),
    importCalendar: (path) => importCalendarFile(installation, path, nearby(cwd, path)),
    importRoster: async (request) => {
      const { openNamedTables } = await import("./named-tables.ts");
      const parts = { ...importing, openTables: openNamedTables(config, clock) };
      const files = request.files.map((file) => nearby(cwd, file));
      return withLeanHeap(() => importRoster(parts, { ...request, files }));
    },
    backUp: (file, force, progress) => backUp(backingUp, { file, force, progress }),
    writeSheet,
    migrate: () => database.migrate(),
    verify: (savedHead, progress) =>
      verify({ ledgerStore: stores.ledger, ledger }, savedHead === null ? { progress } : { savedHead, progress }),
    checkProof: (text) => checkProof(text).kind === "included",
    examine: async (progress) => examineAll(await examinations(installation), progress),
    readText: (path) => readFile(path, "utf8").catch(() => null),
    writeText: (path, text) => writeFile(path, text),
  };
};
