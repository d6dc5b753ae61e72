import type { ExportInvocation, InviteInvocation, Invocation } from "./cli/invocation.ts";
import { openOutFile } from "./cli/out-file.ts";
import type { Station } from "./cli/terminal.ts";
import type { Config } from "./config.ts";
import { hasCluster } from "./database/has-cluster.ts";
import { type Asker, hereOrThere } from "./here-or-there.ts";
import type { Log } from "./ports/log.ts";

/** Has the bytes of a command go into a file, which is there whole once the command is done, or not at all. */
const intoFile = async (
  { out, force, ...invocation }: ExportInvocation | InviteInvocation,
  { station, stop }: Asker,
  carry: (station: Station) => Promise<number>,
): Promise<number> => {
  if (out === null) return carry(station);
  // Names stand in these, or a code that lets somebody in: they are for whoever asked alone.
  const isPrivate = invocation.command === "invite" || invocation.what === "people" || invocation.what === "coverage";
  const file = await openOutFile({ path: out, force, isPrivate });
  const said: string[] = [];
  if ("key" in file) {
    station.err(station.say(file));
    return 1;
  }
  try {
    const write = async (bytes: Uint8Array): Promise<void> => {
      stop.check();
      await file.write(bytes);
    };
    const code = await carry({ ...station, write, out: (line) => void said.push(line) });
    if (code !== 0) return code;
    const problem = await file.keep();
    if (problem) station.err(station.say(problem));
    else for (const line of said) station.out(line);
    return problem ? 1 : 0;
  } finally {
    await file.drop();
  }
};

/** Carries a command out, here or by the service that runs on the embedded database. */
export const runCommand = async (config: Config, log: Log, invocation: Invocation, asker: Asker): Promise<number> => {
  // What opens a database is not loaded by whoever has the service do it.
  const here = async (station: Station) => {
    const { runHere } = await import("./run-here.ts");
    return runHere(config, log, invocation, station);
  };
  // A doctor called to where nothing is yet leaves nothing behind.
  if (invocation.command === "doctor" && !hasCluster(config.dataDir)) return here(asker.station);
  const carry = (station: Station): Promise<number> =>
    hereOrThere(config, invocation, { ...asker, station }, () => here(station));
  return invocation.command === "export" || invocation.command === "invite"
    ? intoFile(invocation, asker, carry)
    : carry(asker.station);
};

/** `chuanda migrate`: as any command, but for a database that may have no tables yet, and without its keys. */
export const runMigrate = (config: Config, log: Log, asker: Asker): Promise<number> =>
  hereOrThere(config, { command: "migrate" }, asker, async () => {
    const { migrateHere } = await import("./run-here.ts");
    return migrateHere(config, log, asker.station);
  });
