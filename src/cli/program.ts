import { Command, CommanderError } from "commander";
import type { Phrase, PhraseKey } from "../dialogue/phrase.ts";
import { phrase } from "../dialogue/phrase.ts";
import { addAway } from "./commands/away.ts";
import { addBackup } from "./commands/backup.ts";
import { addCalendar } from "./commands/calendar.ts";
import { addCoverage } from "./commands/coverage.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addExport } from "./commands/export.ts";
import { addHeld } from "./commands/held.ts";
import { addImport } from "./commands/import.ts";
import { addInvite } from "./commands/invite.ts";
import { addLink } from "./commands/link.ts";
import { addParked } from "./commands/parked.ts";
import { addProcesses } from "./commands/processes.ts";
import { addPublish } from "./commands/publish.ts";
import { addRecall } from "./commands/recall.ts";
import { addRestore } from "./commands/restore.ts";
import { addSupersede } from "./commands/supersede.ts";
import { addTalk } from "./commands/talk.ts";
import { addVerify } from "./commands/verify.ts";
import { type Request, readers, type Shelf } from "./shelf.ts";
import { usageError, WRONG } from "./usage-error.ts";

type Say = (words: Phrase) => string;

/** In the order of `--help`. */
const COMMANDS = [
  addProcesses,
  addTalk,
  addImport,
  addCalendar,
  addAway,
  addInvite,
  addLink,
  addPublish,
  addCoverage,
  addRecall,
  addSupersede,
  addExport,
  addVerify,
  addBackup,
  addRestore,
  addHeld,
  addParked,
  addDoctor,
];

/** commander's own headings, which stand in English. */
const TITLES: ReadonlyMap<string, PhraseKey> = new Map([
  ["Usage:", "cli.title.usage"],
  ["Arguments:", "cli.title.arguments"],
  ["Options:", "cli.title.options"],
  ["Commands:", "cli.title.commands"],
]);

const emptyProgram = (words: (key: PhraseKey) => string, version: string): Command => {
  const styleTitle = (title: string): string => {
    const key = TITLES.get(title);
    return key ? words(key) : title;
  };
  return new Command("chuanda")
    .description(words("cli.about"))
    .version(version, "-V, --version", words("cli.version"))
    .helpOption("-h, --help", words("cli.help"))
    .helpCommand("help [command]", words("cli.help"))
    .configureHelp({ styleTitle })
    .configureOutput({ outputError: () => {} })
    .exitOverride();
};

/** commander shows the whole help where a command that it does not know is given together with --help. */
const refuseUnknown = (program: Command, argv: readonly string[]): void => {
  const [name = ""] = argv[0] === "help" ? argv.slice(1) : argv;
  if (name === "" || name.startsWith("-") || name === "help") return;
  if (!program.commands.some((command) => command.name() === name)) program.parse([name], { from: "user" });
};

const refuse = (error: CommanderError, say: Say): Request => {
  if (error.exitCode === 0) return { kind: "exit", code: 0 };
  if (error.code !== "commander.help")
    process.stderr.write(`${say(usageError(error))}\n${say(phrase("cli.see-help"))}\n`);
  return { kind: "exit", code: 2 };
};

/** Reads the command line. Help and mistakes are printed here, in the terminal's language. */
export const readCommandLine = (argv: readonly string[], say: Say, version: string): Request => {
  let request: Request = { kind: "exit", code: 2 };
  const words = (key: PhraseKey) => say(phrase(key));
  const program = emptyProgram(words, version);
  const shelf: Shelf = {
    read: readers(say),
    words,
    ask: (asked) => {
      request = asked;
    },
    wrong: (key) => {
      throw new CommanderError(2, WRONG, words(key));
    },
    invoke: (invocation) => shelf.ask({ kind: "invocation", invocation }),
    command: (usage, about, ...examples) =>
      program
        .command(usage)
        .description(words(about))
        .helpOption("-h, --help", words("cli.help"))
        .addHelpText("after", ["", words("cli.example"), ...examples.map((each) => `  $ chuanda ${each}`)].join("\n")),
  };
  for (const add of COMMANDS) add(shelf);
  try {
    refuseUnknown(program, argv);
    program.parse(argv[0] === "help" && argv[1] ? [argv[1], "--help"] : [...argv], { from: "user" });
    return request;
  } catch (error) {
    if (error instanceof CommanderError) return refuse(error, say);
    throw error;
  }
};
