import { onDay, type Phrase, phrase } from "../dialogue/phrase.ts";
import { parsePost } from "../domain/post.ts";
import type { Office } from "../ports/store/leave-store.ts";
import { grantLeave } from "../services/grant-leave.ts";
import type { AwayInvocation } from "./invocation.ts";
import type { Terminal } from "./terminal.ts";
import type { Toolbox } from "./toolbox.ts";

const officeOf = (unit: string, post: string): Office | null => {
  const read = parsePost(post);
  return read && { unit, ...read };
};

const standInOf = (by: string): Office | null => {
  const [unit = "", ...post] = by.split(":");
  return officeOf(unit, post.join(":"));
};

type Outcome = Awaited<ReturnType<typeof grantLeave>> | { readonly unread: string };

const grant = async (
  { leaving }: Toolbox,
  { unit, post, by: other, from, until }: AwayInvocation,
): Promise<Outcome> => {
  const away = officeOf(unit, post);
  if (!away) return { unread: post };
  const by = other === null ? null : standInOf(other);
  if (other !== null && !by) return { unread: other };
  return grantLeave(leaving, { away, by, from: new Date(from), until: new Date(until) });
};

const wordsFor = (result: Outcome, { unit, post, from, until }: AwayInvocation): Phrase => {
  if (typeof result !== "string") return phrase("away.unknown-post", { post: result.unread });
  if (result !== "granted") return phrase(`away.${result}`, { unit, post });
  return phrase("away.granted", { from: onDay(new Date(from)), until: onDay(new Date(until)) });
};

/** `chuanda away`: who is away from when until when, and who stands in. */
export const showAway = async (tools: Toolbox, asked: AwayInvocation, terminal: Terminal): Promise<number> => {
  const result = await grant(tools, asked);
  const granted = result === "granted";
  const { from, until } = asked;
  const reason = typeof result === "string" ? result : "unknown-post";
  if (asked.json) terminal.out(JSON.stringify({ granted, ...(granted ? { from, until } : { reason }) }));
  const words = terminal.say(wordsFor(result, asked));
  if (!granted) terminal.err(words);
  else if (!asked.json) terminal.out(words);
  return granted ? 0 : 1;
};
