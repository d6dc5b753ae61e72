import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Ended, lines, run, start } from "../processes/program.ts";
import { fillDisk, readOnlyDisk, smallDisk } from "./injection.ts";

/** What became of a fault of the embedded form, and what was not as it should be. */
export interface Told {
  readonly row: string;
  readonly wrong: readonly string[];
  readonly seconds: number;
  readonly note: string;
}

const SERVE_MS = 120_000;

const timed = async (row: string, work: () => Promise<Omit<Told, "row" | "seconds">>): Promise<Told> => {
  const began = Date.now();
  return { ...(await work()), row, seconds: (Date.now() - began) / 1000 };
};

/** One line that says what is wrong, and nothing else. */
const oneLine = ({ code, out, err }: Ended, about: RegExp): readonly string[] =>
  code === 1 && out === "" && lines(err).length === 1 && about.test(err) ? [] : [`ended with ${code}: ${out}${err}`];

const serving = async (dataDir: string) => {
  const program = start(["serve"], { DATA_DIR: dataDir, PORT: "0" });
  const [, origin = ""] = await program.prints(/Chuanda is running: (http:\S+)/, SERVE_MS);
  return { program, origin };
};

export const secondProcess = (): Promise<Told> =>
  timed("embedded: second process", async () => {
    const folder = mkdtempSync(join(tmpdir(), "chuanda-second-"));
    const { program } = await serving(join(folder, "data"));
    const second = await run(["serve"], { DATA_DIR: join(folder, "data"), PORT: "0" });
    program.signal("SIGTERM");
    await program.ended;
    rmSync(folder, { recursive: true, force: true });
    return { wrong: oneLine(second, /Another process is using/), note: lines(second.err)[0] ?? "" };
  });

/** A start where nothing may be written, and one where there is no room. */
export const closedFolder = (): Promise<Told> =>
  timed("host: DATA_DIR read-only, or full at the start", async () => {
    const closed = readOnlyDisk();
    const small = smallDisk(4);
    if (!closed || !small) return { wrong: [], note: "nobody may mount a disk here" };
    const refused = await run(["serve"], { DATA_DIR: closed.folder, PORT: "0" });
    fillDisk(small.folder);
    const full = await run(["serve"], { DATA_DIR: join(small.folder, "data"), PORT: "0" });
    closed.remove();
    small.remove();
    return {
      wrong: [...oneLine(refused, /DATA_DIR/), ...oneLine(full, /DATA_DIR/)],
      note: `${refused.err.trim()} | ${full.err.trim()}`,
    };
  });

const FILL_MS = 15_000;

/** Asks again and again whether it is ready, for as long as a full disk needs to be felt. */
const untilSick = async (origin: string): Promise<null> => {
  for (const end = Date.now() + FILL_MS; Date.now() < end; await sleep(500))
    await fetch(`${origin}/readyz`).catch(() => null);
  return null;
};

/** What it told people, beside its log. */
const spoken = (err: string): readonly string[] => lines(err).filter((line) => !line.startsWith("{"));

/** Whether it starts again, now that there is room. */
const startsAgain = async (dataDir: string): Promise<readonly string[]> => {
  const { program, origin } = await serving(dataDir);
  const { status } = await fetch(`${origin}/readyz`);
  program.signal("SIGTERM");
  await program.ended;
  return status === 200 ? [] : [`started again it is not ready: ${status}`];
};

/** The disk of a running service fills up: it lives on, or ends with one line; and starts again when there is room. */
export const fullFolder = (): Promise<Told> =>
  timed("host: DATA_DIR full while it runs", async () => {
    const disk = smallDisk(300);
    if (!disk) return { wrong: [], note: "nobody may mount a disk here" };
    const dataDir = join(disk.folder, "data");
    const { program, origin } = await serving(dataDir);
    const free = fillDisk(disk.folder);
    const early = await Promise.race([program.ended, untilSick(origin)]);
    free();
    program.signal("SIGTERM");
    const { code, err } = await program.ended;
    // The line of the start, and the one of the end.
    const clean = early ? code === 1 && spoken(err).length === 2 : code === 0;
    const wrong = [...(clean ? [] : [`it ended with ${code}: ${err}`]), ...(await startsAgain(dataDir))];
    disk.remove();
    return { wrong, note: early ? `ended: ${spoken(err).at(-1)}` : "lived on" };
  });
