import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes longest, longest first: whole processes, pages in a browser, servers that are killed. */
const LONG = [
  "processes/demo",
  "processes/cli",
  "pages/",
  "processes/",
  "migrations",
  "survive/",
  "platforms/web/web",
  "database/",
  "services/dispatch",
  "services/rotate-keys",
  "store/",
];

/** What holds a pace to a platform's limit says little beside others: it comes when the short ones are left. */
const LAST = "acceptance/";

const rank = ({ moduleId }: TestSpecification): number => {
  const file = relative("test", moduleId);
  if (file.startsWith(LAST)) return LONG.length + 1;
  const at = LONG.findIndex((beginning) => file.startsWith(beginning));
  return at < 0 ? LONG.length : at;
};

/** So that no worker begins a long file when the others have nothing left to do. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((one, other) => rank(one) - rank(other));
  }
}
