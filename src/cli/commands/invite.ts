import { extname, resolve } from "node:path";
import { Option } from "commander";
import type { InviteInvocation } from "../invocation.ts";
import type { Shelf } from "../shelf.ts";

const EXAMPLES = [
  "invite --unit 513401001 --post official",
  "invite --unit 513401001 --post worker --uses 40 --expires 30d --out enrol.pdf --phone 0834-2160000",
  "invite --unit 513401001 --post liaison --out qr.png",
  "invite --list",
  "invite --revoke 12",
  "invite --waiting",
  "invite --approve 3",
];

const DAY_MS = 86_400_000;
const PICTURES: readonly string[] = [".pdf", ".png", ".svg"];
/** Each is a deed of its own. */
const DEEDS = ["list", "waiting", "revoke", "approve", "refuse"] as const;

interface Options {
  readonly unit?: readonly string[];
  readonly post?: string;
  readonly uses?: number;
  readonly expires?: number;
  readonly out?: string;
  readonly force?: boolean;
  readonly phone?: string;
  readonly list?: true;
  readonly waiting?: true;
  readonly revoke?: string;
  readonly approve?: string;
  readonly refuse?: string;
  readonly json?: boolean;
}

type Deed = (typeof DEEDS)[number];

const numberOf = (options: Options, deed: Deed): string | null => {
  const given = options[deed];
  return typeof given === "string" ? given : null;
};

const deedOf = (options: Options, wrong: Shelf["wrong"]): Deed | "make" => {
  const deeds = DEEDS.filter((deed) => options[deed] !== undefined);
  const [deed] = deeds;
  if (deeds.length > 1) return wrong("cli.invite.one-deed");
  if (deed === undefined) return options.unit && options.post ? "make" : wrong("cli.invite.missing");
  const making = [options.post, options.uses, options.expires, options.out, options.phone];
  if (making.some((each) => each !== undefined) || (options.unit && deed !== "list"))
    return wrong("cli.invite.one-deed");
  return deed;
};

const invocation = (options: Options, wrong: Shelf["wrong"]): InviteInvocation => {
  const deed = deedOf(options, wrong);
  const { unit = [], post = null, uses = 1, expires = 7 * DAY_MS, out, force = false, phone = null } = options;
  if (out !== undefined && !PICTURES.includes(extname(out).toLowerCase())) wrong("cli.invite.out-kind");
  if (unit.length > 1 && out !== undefined && !out.toLowerCase().endsWith(".pdf")) wrong("cli.invite.one-picture");
  return {
    ...{ command: "invite", deed, units: unit, post, uses, lastsMs: expires, force, phone },
    number: deed === "make" ? null : numberOf(options, deed),
    out: out === undefined ? null : resolve(out),
    json: options.json ?? false,
  };
};

export const addInvite = ({ command, words, read, invoke, wrong }: Shelf): void => {
  command("invite", "cli.invite", ...EXAMPLES)
    .option("--unit <code...>", words("cli.invite.unit"))
    .option("--post <post>", words("cli.invite.post"))
    .addOption(new Option("--uses <n>", words("cli.invite.uses")).argParser(read.uses))
    .addOption(new Option("--expires <time>", words("cli.invite.expires")).argParser(read.lasting))
    .option("--out <file>", words("cli.invite.out"))
    .option("--force", words("cli.export.force"))
    .option("--phone <number>", words("cli.invite.phone"))
    .option("--list", words("cli.invite.list"))
    .option("--revoke <id>", words("cli.invite.revoke"), read.id)
    .option("--waiting", words("cli.invite.waiting"))
    .option("--approve <id>", words("cli.invite.approve"), read.id)
    .option("--refuse <id>", words("cli.invite.refuse"), read.id)
    .option("--json", words("cli.json"))
    .action((options: Options) => invoke(invocation(options, wrong)));
};
