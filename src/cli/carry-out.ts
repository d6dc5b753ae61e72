import { phrase } from "../dialogue/phrase.ts";
import type { Invocation } from "./invocation.ts";
import { showAway } from "./show-away.ts";
import { showBackup } from "./show-backup.ts";
import { showCalendar } from "./show-calendar.ts";
import { showCoverage } from "./show-coverage.ts";
import { showDoctor } from "./show-doctor.ts";
import { showExport } from "./show-export.ts";
import { showHeld } from "./show-held.ts";
import { showImport } from "./show-import.ts";
import { showInvite } from "./show-invite.ts";
import { showLinks } from "./show-links.ts";
import { showMigrate } from "./show-migrate.ts";
import { showParked } from "./show-parked.ts";
import { showPublish } from "./show-publish.ts";
import { showRecall } from "./show-recall.ts";
import { showSupersede } from "./show-supersede.ts";
import { showVerify } from "./show-verify.ts";
import type { Station } from "./terminal.ts";
import type { Toolbox } from "./toolbox.ts";

/** What no command line of this release says: whoever asked through the private door is none of ours. */
const notOurs = async (invocation: never, terminal: Station): Promise<number> => {
  const { command } = invocation as { readonly command: string };
  terminal.err(terminal.say(phrase("cli.usage.unknown-command", { what: command })));
  return 1;
};

/** Carries a command out, here or for another process, and returns its exit code. */
export const carryOut = (tools: Toolbox, invocation: Invocation, terminal: Station): Promise<number> => {
  switch (invocation.command) {
    case "away":
      return showAway(tools, invocation, terminal);
    case "backup":
      return showBackup(tools, invocation, terminal);
    case "calendar":
      return showCalendar(tools, invocation, terminal);
    case "held":
      return showHeld(tools, invocation, terminal);
    case "import":
      return showImport(tools, invocation, terminal);
    case "invite":
      return showInvite(tools, invocation, terminal);
    case "link":
      return showLinks(tools, invocation, terminal);
    case "publish":
      return showPublish(tools, invocation, terminal);
    case "coverage":
      return showCoverage(tools, invocation, terminal);
    case "export":
      return showExport(tools, invocation, terminal);
    case "migrate":
      return showMigrate(tools, terminal);
    case "parked":
      return showParked(tools, invocation, terminal);
    case "recall":
      return showRecall(tools, invocation, terminal);
    case "supersede":
      return showSupersede(tools, invocation, terminal);
    case "doctor":
      return showDoctor(tools, invocation, terminal);
    case "verify":
      return showVerify(tools, invocation, terminal);
    default:
      return notOurs(invocation, terminal);
  }
};
