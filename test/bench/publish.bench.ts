import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { calendarsOf, NO_OVERRIDES } from "../../src/calendar/calendars.ts";
import type { NoticeDraft } from "../../src/domain/notice.ts";
import { entryBytes } from "../../src/ledger/entry-bytes.ts";
import type { LedgerEvent } from "../../src/ports/ledger.ts";
import type { NoticeStore, Publication, Published } from "../../src/ports/store/notice-store.ts";
import { timetablesOf } from "../../src/services/timetables.ts";
import type { Db } from "../../src/store/client.ts";
import { coverageStore } from "../../src/store/coverage.ts";
import { noticeStore } from "../../src/store/notices.ts";
import { newKeys } from "../processes/keys.ts";
import { overPostgres } from "../scripted/open.ts";
import { freshPostgres } from "../setup/database.ts";
import { bareNotice, emptied, insertBare, keepRows } from "./bare-insert.ts";
import { type Asked, type Bench, median, quantile, type Row, timed } from "./bench.ts";
import { command } from "./command.ts";
import { fillCounty } from "./county.ts";
import { startTapper } from "./tapper.ts";

/** How many people, and how often ours and the bare insert take turns. */
const SIZES = [
  { recipients: 10_000, rounds: 9 },
  { recipients: 100_000, rounds: 5 },
  { recipients: 1_000_000, rounds: 3 },
] as const;
/** With fewer the publication is over before people have tapped often enough. */
const ENOUGH_FOR_TAPS = 100_000;
const AT = new Date("2026-09-18T01:00:00Z");

const draft: NoticeDraft = {
  number: "某安委办〔2026〕900号",
  issuerCode: "county",
  urgency: "priority",
  ack: "undertake",
  due: null,
  audience: "within county and kind enterprise",
  closing: { kind: "each-unit" },
  reminders: [],
  texts: [{ locale: "zh-CN", title: "防范", body: "请您查一遍通道。", hash: "0".repeat(64) }],
  contentHash: "0".repeat(64),
};
export const publication: Publication = {
  draft,
  audience: {
    kind: "and",
    of: [
      { kind: "within", code: "county" },
      { kind: "kind", value: "enterprise" },
    ],
  },
  dueAt: null,
  timetables: timetablesOf(calendarsOf(NO_OVERRIDES, "Asia/Shanghai"), draft, AT),
  seconds: 30,
  at: AT,
  platforms: ["web"],
};
const noticeFile = `---
number: ${draft.number}
issuer: county
urgency: priority
ack: undertake
due: 2d
audience: ${draft.audience}
---
# 防范

请您查一遍通道。
`;

export const event = (made: Published): LedgerEvent => ({
  kind: "published",
  at: AT,
  actor: "operator",
  contentHash: draft.contentHash,
  how: "command",
  subject: {
    notice: draft.number,
    obligations: String(made.obligations),
    recipients: String(made.recipients),
    set: made.recipientSet,
  },
});

interface Field {
  readonly db: Db;
  readonly url: string;
  readonly notices: NoticeStore;
  readonly recipients: number;
  readonly rounds: number;
}

const publish = async ({ notices, recipients }: Field): Promise<void> => {
  const made = await notices.publish(publication, (made) => [event(made)]);
  if (typeof made === "string" || made.recipients !== recipients || made.obligations !== recipients)
    throw new Error(JSON.stringify(made));
};

const inTurns = async (field: Field) => {
  const { db, notices } = field;
  const times = { ours: [] as number[], bare: [] as number[], dry: [] as number[] };
  for (let round = 0; round < field.rounds; round++) {
    await emptied(db);
    times.ours.push(await timed(() => publish(field)));
    await emptied(db);
    await bareNotice(db);
    times.bare.push(await timed(() => insertBare(db)));
    await emptied(db);
    times.dry.push(await timed(() => notices.preview(publication)));
  }
  return { ours: median(times.ours), bare: median(times.bare), dry: median(times.dry) };
};

/** What the command `coverage` asks for. */
const coverage = async ({ db, rounds }: Field): Promise<number> => {
  const store = coverageStore(db);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++)
    times.push(
      await timed(async () => {
        await store.coverage(draft.number, AT);
        await store.tree(draft.number, null, AT);
      }),
    );
  return median(times);
};

/** The real commands, for what their processes need. */
const commands = async ({ db, url }: Field): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), "chuanda-bench-"));
  const file = join(folder, "notice.md");
  writeFileSync(file, noticeFile);
  const environment = { ...newKeys(), DATABASE_URL: url, LOG_LEVEL: "warn" };
  await emptied(db);
  const peaks: number[] = [];
  for (const args of [
    ["publish", file, "--dry-run"],
    ["publish", file],
    ["coverage", draft.number],
  ])
    peaks.push((await command(args, environment)).peakMb);
  rmSync(folder, { recursive: true });
  return Math.max(...peaks);
};

const taps = async (field: Field): Promise<{ readonly idle: number; readonly meanwhile: number } | null> => {
  if (field.recipients < ENOUGH_FOR_TAPS) return null;
  await emptied(field.db);
  const tapper = await startTapper(field.url);
  const idle = await tapper.during(async () => {}, 200);
  const meanwhile = await tapper.during(() => publish(field), 1);
  tapper.stop();
  return { idle: quantile(idle, 0.99), meanwhile: quantile(meanwhile, 0.99) };
};

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(2);

const measured = async (field: Field, { say }: Asked): Promise<Row> => {
  const { recipients } = field;
  await publish(field);
  await keepRows(field.db);
  const { ours, bare, dry } = await inTurns(field);
  say(`${recipients}: ${seconds(ours)} s, bare ${seconds(bare)} s, dry ${seconds(dry)} s`);
  const peak = await commands(field);
  const covered = await coverage(field);
  say(`${recipients}: coverage ${seconds(covered)} s, commands need at most ${peak} MB`);
  const tapped = await taps(field);
  return {
    recipients,
    "publish, s": seconds(ours),
    "µs a recipient": Math.round((ours * 1000) / recipients),
    "bare insert, s": seconds(bare),
    "publish / bare": (ours / bare).toFixed(2),
    "dry run, s": seconds(dry),
    "coverage, s": seconds(covered),
    "peak of a command's process, MB": peak,
    "a tap's p99, idle / meanwhile, ms": tapped ? `${tapped.idle.toFixed(0)} / ${tapped.meanwhile.toFixed(0)}` : "",
  };
};

export const bench: Bench = {
  shows:
    "One notice to so many enterprises, each with a principal: in turns our publication and a bare `INSERT … SELECT` of " +
    "the same rows into the same two tables; medians. The memory is the most that a process of `publish`, " +
    "`publish --dry-run` or `coverage` has; a tap is an answer from its coming in to its being worked off, one every 50 ms.",
  run: async (asked) => {
    const rows: Row[] = [];
    for (const { recipients, rounds } of SIZES.filter((size) => size.recipients <= asked.atMost)) {
      const own = await freshPostgres();
      const { db, close } = await overPostgres(own);
      await fillCounty(db, recipients);
      rows.push(await measured({ db, url: own.url, notices: noticeStore(db, entryBytes), recipients, rounds }, asked));
      await close();
    }
    return rows;
  },
};
