import { readFileSync } from "node:fs";

/** The fenced blocks of the README, which administrators copy and these tests run. */
const blocks = [...readFileSync("README.md", "utf8").matchAll(/^```\w+\n([\s\S]*?)^```$/gm)].map(
  ([, text = ""]) => text,
);

/** The one block that matches. */
export const blockWith = (pattern: RegExp): string => {
  const found = blocks.filter((block) => pattern.test(block));
  if (found.length !== 1) throw new Error(`${found.length} blocks of the README match ${pattern}`);
  return found[0] as string;
};

/** A file that the block writes from a here-document. */
export const fileIn = (block: string, path: string): string => {
  const [, text] = new RegExp(`${path.replaceAll(/[/.]/g, "\\$&")} <<'EOF'\\n([\\s\\S]*?)^EOF$`, "m").exec(block) ?? [];
  if (text === undefined) throw new Error(`the block writes no ${path}`);
  return text;
};
