import type { Invocation } from "./invocation.ts";
import { showBackup } from "./show-backup.ts";
import { showCoverage } from "./show-coverage.ts";
import { showHeld } from "./show-held.ts";
import { showImport } from "./show-import.ts";
import { showLinks } from "./show-links.ts";
import { showPublish } from "./show-publish.ts";
import { showVerify } from "./show-verify.ts";
import type { Terminal } from "./terminal.ts";
import type { Toolbox } from "./toolbox.ts";

/** Carries a command out, here or for another process, and returns its exit code. */
export const carryOut = (tools: Toolbox, invocation: Invocation, terminal: Terminal): Promise<number> => {
  switch (invocation.command) {
    case "backup":
      return showBackup(tools, invocation, terminal);
    case "held":
      return showHeld(tools, invocation, terminal);
    case "import":
      return showImport(tools, invocation, terminal);
    case "link":
      return showLinks(tools, invocation, terminal);
    case "publish":
      return showPublish(tools, invocation, terminal);
    case "coverage":
      return showCoverage(tools, invocation, terminal);
    case "verify":
      return showVerify(tools, invocation, terminal);
  }
};
