import { readPress, readShortcut, readSlash, readSubmission } from "./read-action.ts";
import { readEvent } from "./read-event.ts";
import { NOTHING, type ReadParts, type Said } from "./said.ts";

/** The body of a request in the form in which Slack also sends it over a socket; null for what does not read. */
export const parsed = (body: string): unknown => {
  try {
    if (body.startsWith("{")) return JSON.parse(body);
    const fields = new URLSearchParams(body);
    const payload = fields.get("payload");
    return payload === null ? Object.fromEntries(fields) : JSON.parse(payload);
  } catch {
    return null;
  }
};

const READERS: Readonly<Record<string, (body: unknown, parts: ReadParts) => Said>> = {
  event_callback: readEvent,
  block_actions: readPress,
  view_submission: readSubmission,
  shortcut: readShortcut,
};

/** Reads a request, whichever way it came. What is no concern of ours is nothing. */
export const read = (body: object, parts: ReadParts): Said => {
  const { type, command, challenge } = body as Readonly<Record<string, unknown>>;
  if (command !== undefined) return readSlash(body, parts);
  if (type === "url_verification") return { kind: "challenge", challenge: String(challenge) };
  if (type === "app_rate_limited") return { kind: "limited" };
  return typeof type === "string" && Object.hasOwn(READERS, type) ? (READERS[type]?.(body, parts) ?? NOTHING) : NOTHING;
};
