export interface ShownButton {
  readonly text: string;
  readonly data: string;
}

/** A message as it stands in a chat. */
export interface Shown {
  readonly id: number;
  readonly chat: number;
  /** As it reads, without its tags. */
  readonly text: string;
  readonly source: string;
  readonly tags: readonly string[];
  readonly rows: readonly (readonly ShownButton[])[];
  readonly edits: number;
  readonly kind: "text" | "photo" | "document";
}

export interface Chat {
  readonly id: number;
  readonly type: "private" | "group" | "supergroup";
  readonly name: string;
  readonly language: string;
  /** Why the bot cannot write there, in the official server's words; null while it can. */
  closed: { readonly code: number; readonly description: string; readonly migratedTo?: number } | null;
}

/** Who there is, and what stands in their chats. */
export const state = () => {
  const chats = new Map<number, Chat>();
  const messages = new Map<number, Shown[]>();
  let serial = 0;
  return {
    chats,
    open: (chat: Chat): Chat => {
      chats.set(chat.id, chat);
      messages.set(chat.id, []);
      return chat;
    },
    shows: (chat: number): readonly Shown[] => messages.get(chat) ?? [],
    newId: (): number => ++serial,
    add: (message: Omit<Shown, "id" | "edits">): Shown => {
      const shown = { ...message, id: ++serial, edits: 0 };
      messages.get(message.chat)?.push(shown);
      return shown;
    },
    find: (chat: number, id: number): Shown | undefined => messages.get(chat)?.find((each) => each.id === id),
    put: (changed: Shown): void => {
      const all = messages.get(changed.chat) ?? [];
      all[all.findIndex(({ id }) => id === changed.id)] = { ...changed, edits: changed.edits + 1 };
    },
  };
};

export type State = ReturnType<typeof state>;
