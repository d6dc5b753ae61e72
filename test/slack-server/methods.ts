import { randomBytes } from "node:crypto";
import { messageFaults, viewFaults, wordsIn } from "./block-kit.ts";
import { type State, shown, type User, type View } from "./state.ts";

export type Values = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly status: number;
  /** A text is a page of somebody's who stands before Slack. */
  readonly body: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface StoredFile {
  readonly id: string;
  readonly name: string;
  bytes: Buffer | null;
  shared: boolean;
}

export interface Desk {
  readonly state: State;
  readonly team: string;
  readonly bot: { readonly user: string; readonly id: string };
  /** Presses that a window may still be opened for: until when, and by whom. */
  readonly triggers: Map<string, { readonly user: string; readonly until: number }>;
  readonly files: Map<string, StoredFile>;
  /** Where this server is. */
  readonly url: () => string;
  readonly socketUrl: () => string;
  readonly violations: string[];
}

export const fresh = (prefix: string): string => prefix + randomBytes(5).toString("hex").toUpperCase();

const accepted = (body: object = {}): Answer => ({ status: 200, body: { ok: true, ...body } });
/** Slack says its errors with status 200. */
export const refused = (error: string, more: object = {}): Answer => ({
  status: 200,
  body: { ok: false, error, ...more },
});
export const tooMany = (seconds: number): Answer => ({
  status: 429,
  body: { ok: false, error: "ratelimited" },
  headers: { "retry-after": String(seconds) },
});

interface Method {
  readonly required: readonly string[];
  readonly allowed: readonly string[];
  /** Takes its arguments from the address or a form, not as JSON (docs.slack.dev/apis/web-api/using-the-slack-web-api). */
  readonly noJson?: true;
  run(desk: Desk, values: Values): Answer;
}

const TEXT = 40_000;

/** Violations are what no well-behaved app would send. */
const wrong = ({ violations }: Desk, error: string, faults: readonly string[]): Answer => {
  violations.push(...faults.map((fault) => `${error}: ${fault}`));
  return refused(error, { response_metadata: { messages: faults } });
};

const faultsOfText = (desk: Desk, text: unknown, hasBlocks: boolean): Answer | null => {
  const words = typeof text === "string" ? text : "";
  if (!hasBlocks && words === "") return wrong(desk, "no_text", ["no text"]);
  if (words.length > TEXT) return wrong(desk, "msg_too_long", ["text"]);
  if (words.trim() === "") desk.violations.push("blocks without a text for notifications");
  // What a person wrote must not become a mention (docs.slack.dev/messaging/formatting-message-text).
  if (/<[!@#]/.test(words)) desk.violations.push("the text mentions somebody");
  return null;
};

const faultsOfMessage = (desk: Desk, { text, blocks }: Values): Answer | null => {
  const fault = faultsOfText(desk, text, blocks !== undefined);
  if (fault || blocks === undefined) return fault;
  const faults = messageFaults(blocks);
  if (faults.length > 0) return wrong(desk, "invalid_blocks", faults);
  return wordsIn(blocks) > 13_200 ? wrong(desk, "msg_blocks_too_long", ["blocks"]) : null;
};

/** A user's id stands for the conversation with them, once there is one. */
const addressee = (desk: Desk, channel: unknown): User | string => {
  const id = String(channel);
  const user = desk.state.users.get(id) ?? desk.state.byChannel(id);
  if (!user || (id === user.id && !user.open)) return "channel_not_found";
  return user.deleted ? "is_archived" : user;
};

const blocksOf = ({ blocks, text }: Values) =>
  (blocks ?? [{ type: "section", text: { type: "mrkdwn", text } }]) as Parameters<typeof shown>[2];

const post = (desk: Desk, values: Values): Answer => {
  const fault = faultsOfMessage(desk, values);
  if (fault) return fault;
  const to = addressee(desk, values.channel);
  if (typeof to === "string") return refused(to);
  const place = { channel: to.channel, ts: desk.state.newTs() };
  desk.state.put(shown(place, String(values.text ?? ""), blocksOf(values)));
  return accepted({ ...place, message: { type: "message", bot_id: desk.bot.id, ts: place.ts } });
};

const update = (desk: Desk, values: Values): Answer => {
  const fault = faultsOfMessage(desk, values);
  if (fault) return fault;
  const [channel, ts] = [String(values.channel), String(values.ts)];
  // Unlike chat.postMessage it knows conversations by their own ids alone.
  if (!desk.state.byChannel(channel)) return refused("channel_not_found");
  if (!desk.state.find(channel, ts)) return refused("message_not_found");
  desk.state.put(shown({ channel, ts }, String(values.text ?? ""), blocksOf(values)));
  return accepted({ channel, ts, text: values.text ?? "" });
};

const open = (desk: Desk, { users }: Values): Answer => {
  const user = desk.state.users.get(String(users));
  if (!user) return refused("user_not_found");
  if (user.deleted) return refused("user_disabled");
  user.open = true;
  return accepted({ channel: { id: user.channel } });
};

const lookup = (desk: Desk, found: User | undefined): Answer =>
  found && !found.deleted
    ? accepted({ user: { id: found.id, team_id: desk.team, name: found.name, profile: { email: found.email } } })
    : refused("users_not_found");

/** Everybody, a page at a time; also who has left, and the app itself. */
const listed = ({ state, team, bot }: Desk, { limit, cursor = 0 }: Values): Answer => {
  const from = Number(cursor);
  const to = from + Number(limit ?? 100);
  const all = [...state.users.values()].map(({ id, name, email, deleted }) => ({
    ...{ id, team_id: team, name, deleted, is_bot: false, profile: deleted ? {} : { email } },
  }));
  const members = [{ id: bot.user, is_bot: true, profile: {} }, ...all].slice(from, to);
  return accepted({ members, response_metadata: { next_cursor: to > all.length ? "" : String(to) } });
};

const viewOf = (given: unknown): View =>
  ({ callback_id: "", private_metadata: "", ...(given as object), id: fresh("V") }) as View;

const openView = (desk: Desk, { trigger_id: trigger, view }: Values): Answer => {
  const known = desk.triggers.get(String(trigger));
  if (!known) return refused("invalid_trigger_id");
  if (known.until < Date.now()) return refused("expired_trigger_id");
  const faults = viewFaults(view, "modal");
  if (faults.length > 0) return wrong(desk, "invalid_arguments", faults);
  desk.triggers.delete(String(trigger));
  const user = desk.state.users.get(known.user);
  if (!user) return refused("user_not_found");
  user.window = viewOf(view);
  user.errors = {};
  return accepted({ view: user.window });
};

const publish = (desk: Desk, { user_id: id, view }: Values): Answer => {
  const user = desk.state.users.get(String(id));
  if (!user) return refused("user_not_found");
  const faults = viewFaults(view, "home");
  if (faults.length > 0) return wrong(desk, "invalid_arguments", faults);
  user.home = viewOf(view);
  return accepted({ view: user.home });
};

const updateView = (desk: Desk, { view_id: id, view }: Values): Answer => {
  const user = [...desk.state.users.values()].find(({ window }) => window?.id === id);
  if (!user) return refused("not_found");
  const faults = viewFaults(view, "modal");
  if (faults.length > 0) return wrong(desk, "invalid_arguments", faults);
  user.window = { ...viewOf(view), id: String(id) };
  return accepted({ view: user.window });
};

const uploadUrl = (desk: Desk, { filename, length }: Values): Answer => {
  if (!(Number(length) > 0)) return refused("invalid_arguments");
  const id = fresh("F");
  desk.files.set(id, { id, name: String(filename), bytes: null, shared: false });
  return accepted({ file_id: id, upload_url: `${desk.url()}/upload/${id}` });
};

const completeUpload = (desk: Desk, { files }: Values): Answer => {
  const ids = (Array.isArray(files) ? files : []).map(({ id }: { id: string }) => id);
  for (const id of ids) {
    const file = desk.files.get(id);
    if (!file?.bytes) return refused("file_not_found");
    file.shared = true;
  }
  return accepted({ files: ids.map((id) => ({ id, url_private: `${desk.url()}/files-pri/${id}` })) });
};

const LOOKS = ["unfurl_links", "unfurl_media", "parse", "link_names", "metadata", "reply_broadcast"];

export const METHODS: Readonly<Record<string, Method>> = {
  "auth.test": {
    ...{ required: [], allowed: [] },
    run: ({ team, bot }) =>
      accepted({
        url: "https://t.slack.com/",
        team: "甲县",
        user: "chuanda",
        team_id: team,
        user_id: bot.user,
        bot_id: bot.id,
      }),
  },
  "chat.postMessage": {
    required: ["channel"],
    allowed: ["text", "blocks", "thread_ts", "mrkdwn", "username", ...LOOKS],
    run: post,
  },
  "chat.update": { required: ["channel", "ts"], allowed: ["text", "blocks", ...LOOKS], run: update },
  "conversations.open": { required: ["users"], allowed: ["return_im", "prevent_creation"], run: open },
  "users.lookupByEmail": {
    ...{ required: ["email"], allowed: [], noJson: true },
    run: (desk, { email }) =>
      lookup(
        desk,
        [...desk.state.users.values()].find((user) => user.email === email),
      ),
  },
  "users.list": { ...{ required: [], allowed: ["limit", "cursor", "include_locale"], noJson: true }, run: listed },
  "views.open": { required: ["trigger_id", "view"], allowed: [], run: openView },
  "views.update": { required: ["view", "view_id"], allowed: ["hash", "external_id"], run: updateView },
  "views.publish": { required: ["user_id", "view"], allowed: ["hash"], run: publish },
  "files.getUploadURLExternal": {
    ...{ required: ["filename", "length"], allowed: ["alt_txt", "snippet_type"], noJson: true },
    run: uploadUrl,
  },
  "files.completeUploadExternal": {
    required: ["files"],
    allowed: ["channel_id", "channels", "initial_comment", "thread_ts", "blocks"],
    run: completeUpload,
  },
  "apps.connections.open": {
    ...{ required: [], allowed: [] },
    run: (desk) => accepted({ url: desk.socketUrl() }),
  },
};

/** What every method takes; an app that is installed to a whole organisation says which workspace it means. */
const ALWAYS: ReadonlySet<string> = new Set(["token", "team_id"]);

/** Arguments that are missing or unknown. */
export const argumentFaults = ({ required, allowed }: Method, values: Values): readonly string[] => [
  ...required.filter((name) => values[name] === undefined).map((name) => `${name} is missing`),
  ...Object.keys(values).flatMap((name) =>
    ALWAYS.has(name) || required.includes(name) || allowed.includes(name) ? [] : `${name} is unknown`,
  ),
];
