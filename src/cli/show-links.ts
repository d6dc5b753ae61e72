import { phrase } from "../dialogue/phrase.ts";
import { parsePost, postText } from "../domain/post.ts";
import type { PersonalLink } from "../services/issue-links.ts";
import { issueLinks, LINK_DAYS, revokeLinks } from "../services/issue-links.ts";
import type { LinkInvocation } from "./invocation.ts";
import type { Terminal } from "./terminal.ts";
import type { Toolbox } from "./toolbox.ts";

type Office = ReturnType<typeof parsePost>;
const refuse = (terminal: Terminal, words: Parameters<Terminal["say"]>[0]): number => {
  terminal.err(terminal.say(words));
  return 1;
};

const revoke = async (
  { linking }: Toolbox,
  asked: LinkInvocation,
  office: Office,
  terminal: Terminal,
): Promise<number> => {
  const ended = await revokeLinks(linking, asked.unit, office);
  if (ended === null) return refuse(terminal, phrase("cli.unknown-unit", { code: asked.unit }));
  terminal.out(
    asked.json ? JSON.stringify({ revoked: ended }) : terminal.say(phrase("link.revoked", { count: ended })),
  );
  return 0;
};

const show = (links: readonly PersonalLink[], address: string, asked: LinkInvocation, terminal: Terminal): void => {
  const plain = links.map(({ name, post, deputy, path, expiresAt }) => ({
    name,
    post: postText({ post, deputy }),
    url: `${address}${path}`,
    expiresAt,
  }));
  if (asked.json) {
    terminal.out(JSON.stringify({ unit: asked.unit, links: plain }));
    return;
  }
  for (const { name, post, url } of plain) terminal.out(`${name}  ${post}  ${url}`);
  terminal.err(terminal.say(phrase("link.note", { days: LINK_DAYS })));
};

/** `chuanda link`: one-time personal links to the web chat for the people of a unit, or the end of them. */
export const showLinks = async (tools: Toolbox, asked: LinkInvocation, terminal: Terminal): Promise<number> => {
  const office = asked.post === null ? null : parsePost(asked.post);
  if (asked.post !== null && !office) return refuse(terminal, phrase("cli.unknown-post", { post: asked.post }));
  if (asked.revoke) return revoke(tools, asked, office, terminal);
  const links = await issueLinks(tools.linking, asked.unit, office);
  if (!links) return refuse(terminal, phrase("cli.unknown-unit", { code: asked.unit }));
  if (links.length === 0) return refuse(terminal, phrase("link.nobody", { code: asked.unit }));
  show(links, tools.address, asked, terminal);
  return 0;
};
