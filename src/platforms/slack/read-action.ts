import { z } from "zod";
import type { Address } from "../../domain/address.ts";
import { addressOf, refOf } from "./address.ts";
import { OPENS } from "./draw.ts";
import { incoming, NOTHING, type ReadParts, type Said, written } from "./said.ts";
import { filledOf, OPEN_CODE } from "./view-state.ts";

const id = z.string().min(1).max(255);

const WHO = {
  trigger_id: id,
  user: z.object({ id, team_id: id.optional() }),
  team: z.object({ id }).nullish(),
};
/** docs.slack.dev/reference/interaction-payloads */
const PRESS = z.object({
  ...WHO,
  type: z.literal("block_actions"),
  actions: z.array(z.object({ action_id: z.string(), value: z.string().optional() })).min(1),
  container: z.object({ type: z.string(), message_ts: z.string().optional(), channel_id: z.string().optional() }),
});
const SUBMISSION = z.object({
  ...WHO,
  type: z.literal("view_submission"),
  view: z.object({
    callback_id: z.string(),
    private_metadata: z.string(),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), z.unknown())) }),
  }),
});
const SHORTCUT = z.object({ ...WHO, type: z.literal("shortcut"), callback_id: id });
const SLASH = z.object({ command: z.string(), text: z.string(), user_id: id, team_id: id, trigger_id: id });

interface Who {
  readonly user: { readonly id: string; readonly team_id?: string | undefined };
  readonly team?: { readonly id: string } | null | undefined;
}

/** Whoever acts in a workspace has their address there; without a team the app is installed to a whole organisation. */
const sender = ({ user, team }: Who, { home }: ReadParts): Address =>
  addressOf({ team: team?.id ?? user.team_id ?? home, user: user.id }, home);

export const readPress = (given: unknown, parts: ReadParts): Said => {
  const body = PRESS.safeParse(given).data;
  if (!body) return NOTHING;
  const { trigger_id: trigger, container } = body;
  const from = sender(body, parts);
  const [{ action_id: name, value = "" } = { action_id: "" }] = body.actions;
  const isHome = container.type === "view";
  if (name === OPEN_CODE) return { kind: "asked", asked: { kind: "open-code" }, from, trigger };
  const action = parts.keys.readButton(value, from);
  if (!action) return incoming(trigger, from, { kind: "stale-press" }, isHome);
  for (const kind of Object.values(OPENS))
    if (name.startsWith(kind)) return { kind: "asked", asked: { kind, action }, from, trigger };
  const { channel_id: channel, message_ts: ts } = container;
  const ref = channel && ts ? refOf({ channel, ts }) : null;
  return incoming(trigger, from, { kind: "press", action, text: null, ref }, isHome);
};

export const readSubmission = (given: unknown, parts: ReadParts): Said => {
  const body = SUBMISSION.safeParse(given).data;
  if (!body) return NOTHING;
  return { kind: "filled", filled: filledOf(body.view), from: sender(body, parts), id: body.trigger_id };
};

export const readShortcut = (given: unknown, parts: ReadParts): Said => {
  const body = SHORTCUT.safeParse(given).data;
  return body ? incoming(body.trigger_id, sender(body, parts), written(body.callback_id)) : NOTHING;
};

export const readSlash = (given: unknown, { home }: ReadParts): Said => {
  const body = SLASH.safeParse(given).data;
  if (!body) return NOTHING;
  const what = written(body.text.trim() === "" ? "help" : body.text);
  return incoming(body.trigger_id, addressOf({ team: body.team_id, user: body.user_id }, home), what);
};
