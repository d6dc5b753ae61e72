import { viewFaults } from "./block-kit.ts";
import type { Inbound, Sent, Told } from "./inbound.ts";
import { type Desk, fresh } from "./methods.ts";
import { buttonsOf, type Shown, type ShownButton, type User, wordsOf } from "./state.ts";

/** A window or an App Home as its owner sees it. */
export interface ShownView {
  readonly text: string;
  readonly buttons: readonly ShownButton[];
  /** The questions that can be answered, by their names, with their options. */
  readonly asks: Readonly<Record<string, readonly string[]>>;
  readonly errors: Readonly<Record<string, string>>;
}

/** Somebody before a screen. What they do comes back as Slack tells it, and is told to whoever listens. */
export interface Person {
  readonly id: string;
  readonly channel: string;
  /** What stands in the conversation with the app, the oldest first. */
  shows(): readonly Shown[];
  says(text: string): Sent;
  /** Presses a button of a message: the last one that has it, where none is named. */
  presses(label: string | RegExp, ts?: string): Sent;
  /** Sends the data of a button that need not be there. */
  forges(value: string, ts: string): Sent;
  opensHome(): Sent;
  home(): ShownView | null;
  pressesAtHome(label: string | RegExp): Sent;
  window(): ShownView | null;
  /** Fills the window in, by question, and sends it; resolves with what the app made of it. */
  submits(given: Readonly<Record<string, string>>): Promise<Told>;
  runs(text: string): Sent;
  uses(shortcut: string): Sent;
  /** An administrator takes their account away, or gives it back. */
  leaves(): Sent;
  returns(): void;
  /** How often Slack told them that the app did not answer. */
  warnings(): number;
}

export interface PersonOptions {
  readonly id?: string;
  readonly name?: string;
  readonly email?: string;
  /** Whether the app has a conversation with them already. */
  readonly open?: boolean;
}

/** So long a window can be opened after a press. */
const TRIGGER_MS = 3_000;

const viewShown = (view: User["window"], errors: User["errors"]): ShownView | null =>
  view && {
    text: wordsOf(view.blocks),
    buttons: buttonsOf(view.blocks),
    errors,
    asks: Object.fromEntries(
      view.blocks
        .filter(({ type }) => type === "input")
        .map((block) => {
          const { options = [] } = block.element as { options?: { value: string }[] };
          return [String(block.block_id), options.map(({ value }) => value)];
        }),
    ),
  };

const find = <Found extends { readonly text: string }>(all: readonly Found[], label: string | RegExp): Found => {
  const found = all.find(({ text }) => (typeof label === "string" ? text === label : label.test(text)));
  if (!found) throw new Error(`no button ${label} among ${all.map(({ text }) => text).join(", ")}`);
  return found;
};

export const people = (desk: Desk, inbound: Inbound) => {
  const { state, team, triggers } = desk;
  const who = ({ id, name }: User) => ({ user: { id, name, team_id: team }, team: { id: team, domain: "t" } });

  const trigger = ({ id }: User, given = fresh("13.")): string => {
    triggers.set(given, { user: id, until: Date.now() + TRIGGER_MS });
    return given;
  };

  /** Told by itself to whoever listens; without anybody, whoever tests brings it. */
  const tell = (user: User, sent: Sent): Sent => {
    if (inbound.isAwaited() && !inbound.isHeld())
      void inbound.deliver(sent).then(({ ok }) => {
        if (!ok && sent.kind !== "event") user.warnings += 1;
      });
    return sent;
  };
  const event = (user: User, inner: object): Sent =>
    tell(user, {
      kind: "event",
      body: {
        ...{ type: "event_callback", event_id: fresh("Ev"), team_id: team, api_app_id: "A0", event: inner },
        ...{ event_time: Math.floor(Date.now() / 1_000), authorizations: [{ team_id: team, is_bot: true }] },
      },
    });
  const press = (user: User, actionId: string, value: string, container: object, view: object = {}): Sent =>
    tell(user, {
      kind: "interactive",
      body: {
        ...{ type: "block_actions", ...who(user), trigger_id: trigger(user), api_app_id: "A0", container, ...view },
        actions: [{ type: "button", action_id: actionId, block_id: "b", value, action_ts: state.newTs() }],
      },
    });
  const onMessage = ({ channel }: User, ts: string) => ({ type: "message", channel_id: channel, message_ts: ts });

  const answerWindow = (user: User, { ok, answer }: Told): void => {
    if (!ok) {
      user.warnings += 1;
      return;
    }
    const { response_action: action, errors, view } = answer ?? {};
    if (action === "errors") user.errors = errors as User["errors"];
    else if (action === "update") {
      desk.violations.push(...viewFaults(view, "modal"));
      user.window = { callback_id: "", private_metadata: "", ...(view as object), id: fresh("V") } as User["window"];
      user.errors = {};
    } else user.window = null;
  };

  const submission = (user: User, given: Readonly<Record<string, string>>): Sent => {
    const { window } = user;
    if (!window) throw new Error("no window is open");
    const inputs = window.blocks.filter(({ type }) => type === "input");
    const values = inputs.map((block) => {
      const { type, action_id: action } = block.element as { type: string; action_id: string };
      const value = given[String(block.block_id)] ?? null;
      const input =
        type === "plain_text_input" ? { type, value } : { type, selected_option: value === null ? null : { value } };
      return [block.block_id, { [action]: input }];
    });
    return {
      kind: "interactive",
      body: {
        ...{ type: "view_submission", ...who(user), trigger_id: trigger(user), api_app_id: "A0" },
        view: { ...window, state: { values: Object.fromEntries(values) } },
      },
    };
  };

  const act = (user: User): Omit<Person, "id" | "channel"> => ({
    shows: () => state.shows(user.channel),
    says: (text) => {
      user.open = true;
      const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
      const place = { channel: user.channel, channel_type: "im", ts: state.newTs() };
      return event(user, { type: "message", user: user.id, team, text: escaped, ...place });
    },
    presses: (label, ts) => {
      const all = state.shows(user.channel).filter((each) => ts === undefined || each.ts === ts);
      const buttons = all.toReversed().flatMap((on) => on.buttons.map((button) => ({ ...button, on })));
      const { actionId, value, on } = find(buttons, label);
      return press(user, actionId, value, onMessage(user, on.ts));
    },
    forges: (value, ts) => press(user, "press-0", value, onMessage(user, ts)),
    opensHome: () => event(user, { type: "app_home_opened", user: user.id, channel: user.channel, tab: "home" }),
    home: () => viewShown(user.home, {}),
    pressesAtHome: (label) => {
      const { home } = user;
      const { actionId, value } = find(home ? buttonsOf(home.blocks) : [], label);
      return press(user, actionId, value, { type: "view", view_id: home?.id }, { view: home });
    },
    window: () => viewShown(user.window, user.errors),
    submits: async (given) => {
      const told = await inbound.once(submission(user, given));
      answerWindow(user, told);
      return told;
    },
    runs: (text) =>
      tell(user, {
        kind: "command",
        body: {
          ...{ command: "/chuanda", text, user_id: user.id, user_name: user.name, team_id: team, team_domain: "t" },
          ...{ channel_id: user.channel, api_app_id: "A0", trigger_id: trigger(user), response_url: "https://x.test/" },
        },
      }),
    uses: (shortcut) =>
      tell(user, {
        kind: "interactive",
        body: { type: "shortcut", ...who(user), callback_id: shortcut, trigger_id: trigger(user) },
      }),
    leaves: () => {
      user.deleted = true;
      return event(user, { type: "user_change", user: { id: user.id, team_id: team, deleted: true, is_bot: false } });
    },
    returns: () => {
      user.deleted = false;
    },
    warnings: () => user.warnings,
  });

  return {
    person: ({
      id = fresh("U"),
      name = "周建国",
      email = `${id}@example.org`.toLowerCase(),
      open = true,
    }: PersonOptions = {}): Person => {
      const user = state.add({
        ...{ id, name, email, channel: fresh("D"), open, deleted: false },
        ...{ window: null, home: null, errors: {}, warnings: 0 },
      });
      return { id, channel: user.channel, ...act(user) };
    },
    /** The workspace throws the app out. */
    expels: (kind: "app_uninstalled" | "tokens_revoked"): Sent => ({
      kind: "event",
      body: { type: "event_callback", event_id: fresh("Ev"), team_id: team, event: { type: kind } },
    }),
  };
};

export type People = ReturnType<typeof people>;
