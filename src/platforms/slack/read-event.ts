import { z } from "zod";
import { addressOf } from "./address.ts";
import { incoming, NOTHING, type ReadParts, type Said, written } from "./said.ts";

const id = z.string().min(1).max(255);

/** docs.slack.dev/apis/events-api#event-type-structure */
const EVENT = z.object({
  type: z.literal("event_callback"),
  event_id: id,
  team_id: id,
  event: z.looseObject({ type: id }),
});
const MESSAGE = z.object({
  channel_type: z.literal("im"),
  user: id,
  text: z.string().optional(),
  subtype: z.enum(["file_share"]).optional(),
  bot_id: z.undefined().optional(),
});
/** Either tab of the app: whoever looks at the other one will look at this one too. */
const HOME = z.object({ user: id });
const CHANGED = z.object({ user: z.object({ id, deleted: z.boolean().optional(), is_bot: z.boolean().optional() }) });

/** In events `&`, `<` and `>` are written as entities, and only these (docs.slack.dev/messaging/formatting-message-text). */
const unescaped = (text: string): string =>
  text.replace(/&(amp|lt|gt);/gu, (_, name: string) => ({ amp: "&", lt: "<", gt: ">" })[name] ?? "");

const message = (event: unknown, eventId: string, team: string, { home }: ReadParts): Said => {
  const { success, data } = MESSAGE.safeParse(event);
  if (!success) return NOTHING;
  const text = unescaped(data.text ?? "");
  const what = text.trim().startsWith("/") ? written(text) : ({ kind: "text", text } as const);
  return incoming(eventId, addressOf({ team, user: data.user }, home), what);
};

const EXPELLED: ReadonlySet<string> = new Set(["app_uninstalled", "tokens_revoked"]);

/** What the Events API tells. The input comes from outside: what does not have the shape that it should is no concern of ours. */
export const readEvent = (body: unknown, parts: ReadParts): Said => {
  const envelope = EVENT.safeParse(body).data;
  if (!envelope) return NOTHING;
  const { event, event_id: eventId, team_id: team } = envelope;
  if (event.type === "message") return message(event, eventId, team, parts);
  if (EXPELLED.has(event.type)) return { kind: "expelled", event: event.type };
  if (event.type === "app_home_opened") {
    const { success, data } = HOME.safeParse(event);
    if (!success) return NOTHING;
    return {
      kind: "asked",
      asked: { kind: "home" },
      from: addressOf({ team, user: data.user }, parts.home),
      trigger: "",
    };
  }
  if (event.type !== "user_change") return NOTHING;
  const changed = CHANGED.safeParse(event).data?.user;
  // Everybody's every change comes; that somebody has left is all we need. Who comes back opens the app.
  if (!changed?.deleted || changed.is_bot) return NOTHING;
  return incoming(eventId, addressOf({ team, user: changed.id }, parts.home), { kind: "reach", reachable: false });
};
