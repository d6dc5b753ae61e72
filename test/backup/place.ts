import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { carryOut } from "../../src/cli/carry-out.ts";
import type { Invocation } from "../../src/cli/invocation.ts";
import type { Station } from "../../src/cli/terminal.ts";
import { type Config, readConfig } from "../../src/config.ts";
import { type Installation, openInstallation } from "../../src/installation.ts";
import { speaker } from "../../src/locale/speaker.ts";
import { runRestore } from "../../src/run-restore.ts";
import { openChat, startService } from "../../src/service.ts";
import { openToolbox } from "../../src/toolbox.ts";
import { eventually } from "../scripted/eventually.ts";
import { testLog } from "../setup/log.ts";

const onDeath = (why: string) => {
  throw new Error(why);
};

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const listening = (): Station & { readonly said: (code: number) => Said } => {
  const { say } = speaker(() => new Date(), "Asia/Shanghai");
  const [out, err]: [string[], string[]] = [[], []];
  return {
    width: 80,
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    progress: () => {},
    write: async () => {},
    say: (words) => say(words, "en"),
    said: (code) => ({ code, out: out.join("\n"), err: err.join("\n") }),
  };
};

/** A folder of one's own for backups and embedded databases. */
export const folder = () => {
  const path = mkdtempSync(join(tmpdir(), "chuanda-backup-"));
  return {
    path,
    at: (name: string) => join(path, name),
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }),
  };
};

type Environment = Readonly<Record<string, string>>;
/** The tests run at any hour of the day. */
export const configOf = (environment: Environment): Config =>
  readConfig({ LOG_LEVEL: "silent", PUSH_HOURS: "always", ...environment });

/** `chuanda restore`, in this process. */
export const restoreIn = async (config: Config, file: string, json = false): Promise<Said> => {
  const terminal = listening();
  const code = await runRestore(config, testLog(), { file, json }, terminal).catch((error) => {
    if (!("words" in error)) throw error;
    terminal.err(terminal.say(error.words));
    return 1;
  });
  return terminal.said(code);
};

/** A person's card of a notice: where it stands, and the code behind its first button. */
const cardOf = async ({ database, stores, keys }: Installation, unit: string, name: string, number: string) => {
  const chat = (await stores.demo.chatOf(unit, name)) ?? "";
  const { rows } = await database.pool.query<{ id: string; round: number; state: string }>(
    `SELECT d.id, d.round, d.state FROM delivery d JOIN notice n ON n.id = d.notice_id
     JOIN account a ON a.id = d.account_id WHERE n.number = $1 AND a.address_index = $2`,
    [number, keys.index("address", chat)],
  );
  const [row] = rows;
  if (!row) throw new Error(`${name} has no card of ${number}`);
  const address = { platform: "web", chat } as const;
  const action = { do: "acknowledge", delivery: BigInt(row.id) as never, round: row.round } as const;
  return { state: row.state, address, code: keys.buttonCode(action, address) };
};

/** An installation that is open in this process, as its administrator and its people have it. */
export const openPlace = async (config: Config) => {
  const installation = await openInstallation(config, testLog(), { migrate: true, onDeath });
  const chat = await openChat(installation);
  const tools = openToolbox(installation, "http://127.0.0.1");
  const { stores, keys, clock, database } = installation;
  const services: { stop(): Promise<void> }[] = [];
  let taps = 0;
  const command = async (invocation: Invocation): Promise<Said> => {
    const terminal = listening();
    return terminal.said(await carryOut(tools, invocation, terminal));
  };
  const place = {
    ...{ installation, command },
    start: async (...roles: ("web" | "worker")[]) => {
      services.push(await startService(installation, chat, { roles, port: 0 }));
    },
    close: async () => {
      for (const service of services) await service.stop();
      await installation.close();
    },
    states: async (number: string): Promise<Readonly<Record<string, number>>> => {
      const { rows } = await database.pool.query<{ state: string; n: number }>(
        `SELECT d.state, count(*)::int AS n FROM delivery d JOIN notice n ON n.id = d.notice_id WHERE n.number = $1
         GROUP BY d.state ORDER BY d.state`,
        [number],
      );
      return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
    },
    coverage: async (number: string) => {
      const found = await stores.coverage.coverage(number, clock.now());
      if (!found) throw new Error(`there is no ${number}`);
      return found;
    },
    card: (unit: string, name: string, number: string) => cardOf(installation, unit, name, number),
    /** Presses a button that was drawn at some time, and waits until that is worked off. */
    press: async ({ address, code }: { address: { platform: "web"; chat: string }; code: string }) => {
      const action = keys.readButton(code, address);
      if (!action) throw new Error("the button does not read");
      const id = `tap-${++taps}-${Math.random()}`;
      await chat.receive({ id, from: address, language: null, what: { kind: "press", action, text: null, ref: null } });
      await eventually(
        () => stores.inbound.isOpen("web", id),
        (open) => !open,
      );
    },
    sent: (number: string, count: number) =>
      eventually(
        async () => (await stores.coverage.coverage(number, clock.now()))?.sent,
        (sent) => sent === count,
      ),
  };
  return place;
};

export type Place = Awaited<ReturnType<typeof openPlace>>;
