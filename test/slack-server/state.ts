type Block = Readonly<Record<string, unknown>>;

export interface ShownButton {
  readonly text: string;
  readonly value: string;
  readonly actionId: string;
}

/** A message as it stands in a conversation. */
export interface Shown {
  readonly channel: string;
  readonly ts: string;
  /** The words of its blocks, a line each. */
  readonly text: string;
  /** What a notification says. */
  readonly fallback: string;
  readonly buttons: readonly ShownButton[];
  readonly edits: number;
  /** As it was given. */
  readonly source: string;
}

export interface View {
  readonly id: string;
  readonly type: string;
  readonly callback_id: string;
  readonly private_metadata: string;
  readonly blocks: readonly Block[];
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly channel: string;
  /** The app has a conversation with them. */
  open: boolean;
  deleted: boolean;
  window: View | null;
  home: View | null;
  /** What stands beside the questions of the window. */
  errors: Readonly<Record<string, string>>;
  /** How often Slack has told them that the app did not answer. */
  warnings: number;
}

const isObject = (value: unknown): value is Block => typeof value === "object" && value !== null;

const parts = (value: unknown): readonly Block[] => (Array.isArray(value) ? value.filter(isObject) : []);

const run = (element: Block): string => {
  if (typeof element.text === "string") return element.text;
  if (isObject(element.text)) return run(element.text);
  return parts(element.elements)
    .map(run)
    .join(element.type === "rich_text" || element.type === "rich_text_list" ? "\n" : "");
};

/** The words of blocks as a person reads them. */
export const wordsOf = (blocks: readonly Block[]): string =>
  blocks
    .flatMap((block) => {
      if (block.type === "actions") return [];
      if (block.type === "context") return parts(block.elements).map(run);
      if (block.type === "input") return isObject(block.label) ? [run(block.label)] : [];
      return [run(block)];
    })
    .join("\n");

export const buttonsOf = (blocks: readonly Block[]): readonly ShownButton[] =>
  blocks
    .flatMap((block) => [...parts(block.type === "actions" ? block.elements : []), ...parts([block.accessory])])
    .filter(({ type }) => type === "button")
    .map((button) => ({
      text: run(button),
      value: String(button.value ?? ""),
      actionId: String(button.action_id),
    }));

export const shown = (place: { channel: string; ts: string }, text: string, blocks: readonly Block[]): Shown => ({
  ...place,
  text: wordsOf(blocks),
  fallback: text,
  buttons: buttonsOf(blocks),
  edits: 0,
  source: JSON.stringify(blocks),
});

/** Who there is, and what stands in their conversations. */
export const state = () => {
  const users = new Map<string, User>();
  const messages = new Map<string, Shown[]>();
  let micros = Date.now() * 1_000;
  return {
    users,
    byChannel: (channel: string) => [...users.values()].find((user) => user.channel === channel),
    add: (user: User): User => {
      users.set(user.id, user);
      messages.set(user.channel, []);
      return user;
    },
    shows: (channel: string): readonly Shown[] => messages.get(channel) ?? [],
    /** Times of messages are their names: no two are the same. */
    newTs: (): string => {
      micros = Math.max(micros + 1, Date.now() * 1_000);
      return `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, "0")}`;
    },
    put: (message: Shown): void => {
      const all = messages.get(message.channel) ?? [];
      const at = all.findIndex(({ ts }) => ts === message.ts);
      if (at < 0) all.push(message);
      else all[at] = { ...message, edits: (all[at]?.edits ?? 0) + 1 };
    },
    find: (channel: string, ts: string) => messages.get(channel)?.find((each) => each.ts === ts),
  };
};

export type State = ReturnType<typeof state>;
