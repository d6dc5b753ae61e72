import { resolve } from "node:path";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import type { Phrase, PhraseKey } from "../dialogue/phrase.ts";
import { phrase } from "../dialogue/phrase.ts";
import { parseDue } from "../domain/due.ts";
import type { Locale } from "../domain/language.ts";
import { LOCALES } from "../domain/language.ts";
import type { Invocation } from "./invocation.ts";
import { usageError } from "./usage-error.ts";

export type Role = "web" | "worker";

/** What the command line asks for: one of the commands that a running service can also carry out, or a process of its own. */
export type Request =
  | { readonly kind: "invocation"; readonly invocation: Invocation }
  | { readonly kind: "serve"; readonly roles: readonly Role[] }
  | { readonly kind: "migrate" }
  | { readonly kind: "demo"; readonly fresh: boolean; readonly port: number | null; readonly locale: Locale | null }
  /** Help or a mistake, printed already. */
  | { readonly kind: "exit"; readonly code: number };

type Say = (words: Phrase) => string;

/** Values that are wrong in themselves are wrong usage, told before anything starts. */
const readers = (say: Say) => ({
  moment: (text: string): string => {
    if (parseDue(text)?.kind === "moment") return text;
    throw new InvalidArgumentError(say(phrase("cli.bad-moment")));
  },
  port: (text: string): number => {
    if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
    throw new InvalidArgumentError(say(phrase("cli.bad-port")));
  },
  locale: (text: string): Locale => {
    const locale = LOCALES.find((known) => known === text);
    if (locale) return locale;
    throw new InvalidArgumentError(say(phrase("cli.bad-locale")));
  },
  roles: (text: string): readonly Role[] => {
    const roles = text.split(",");
    if (roles.every((role): role is Role => role === "web" || role === "worker")) return roles;
    throw new InvalidArgumentError(say(phrase("cli.bad-roles")));
  },
});

interface Shelf {
  readonly read: ReturnType<typeof readers>;
  words(key: PhraseKey): string;
  command(usage: string, about: PhraseKey, example: string): Command;
  ask(request: Request): void;
}

/** Commands that are processes of their own. */
const addProcesses = ({ command, words, read, ask }: Shelf): void => {
  command("demo", "cli.demo", "demo --fresh")
    .option("--fresh", words("cli.demo.fresh"))
    .option("--port <port>", words("cli.demo.port"), read.port)
    .option("--locale <locale>", words("cli.demo.locale"), read.locale)
    .action(({ fresh = false, port = null, locale = null }) => ask({ kind: "demo", fresh, port, locale }));
  command("serve", "cli.serve", "serve --roles worker")
    .option("--roles <roles>", words("cli.serve.roles"), read.roles)
    .action(({ roles = ["web", "worker"] }) => ask({ kind: "serve", roles }));
  command("migrate", "cli.migrate", "migrate").action(() => ask({ kind: "migrate" }));
};

/** Commands that a running service can also carry out. */
const addInvocations = ({ command, words, read, ask }: Shelf): void => {
  const invoke = (invocation: Invocation): void => ask({ kind: "invocation", invocation });
  command("import", "cli.import", "import units.csv people.csv --dry-run")
    .argument("<file...>", words("cli.import.file"))
    .option("--dry-run", words("cli.dry-run"))
    .action((files: string[], { dryRun = false }) =>
      invoke({ command: "import", files: files.map((file) => resolve(file)), dryRun }),
    );
  command("link", "cli.link", "link --unit 513401001 --post official")
    .requiredOption("--unit <code>", words("cli.link.unit"))
    .option("--post <post>", words("cli.link.post"))
    .option("--revoke", words("cli.link.revoke"))
    .option("--json", words("cli.json"))
    .action(({ unit, post = null, revoke = false, json = false }) =>
      invoke({ command: "link", unit, post, revoke, json }),
    );
  command("publish", "cli.publish", "publish notice.md --dry-run")
    .argument("<file>", words("cli.publish.file"))
    .option("--dry-run", words("cli.dry-run"))
    .option("--at <time>", words("cli.publish.at"), read.moment)
    .option("--json", words("cli.json"))
    .action((file: string, { dryRun = false, at = null, json = false }) =>
      invoke({ command: "publish", file: resolve(file), dryRun, at, json }),
    );
  command("coverage", "cli.coverage", "coverage 某安委办〔2026〕17号 --under 513401")
    .argument("<number>", words("cli.coverage.number"))
    .option("--under <code>", words("cli.coverage.under"))
    .option("--json", words("cli.json"))
    .action((number: string, { under = null, json = false }) => invoke({ command: "coverage", number, under, json }));
  command("verify", "cli.verify", "verify head.txt")
    .argument("[file]", words("cli.verify.file"))
    .option("--save-head <file>", words("cli.verify.save-head"))
    .option("--json", words("cli.json"))
    .action((file: string | undefined, { saveHead, json = false }) =>
      invoke({
        command: "verify",
        file: file === undefined ? null : resolve(file),
        saveHead: saveHead === undefined ? null : resolve(saveHead),
        json,
      }),
    );
};

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
    command: (usage, about, example) =>
      program
        .command(usage)
        .description(words(about))
        .helpOption("-h, --help", words("cli.help"))
        .addHelpText("after", `\n${words("cli.example")}\n  $ chuanda ${example}`),
  };
  addProcesses(shelf);
  addInvocations(shelf);
  try {
    program.parse([...argv], { from: "user" });
    return request;
  } catch (error) {
    if (error instanceof CommanderError) return refuse(error, say);
    throw error;
  }
};
