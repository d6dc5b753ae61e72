/** One message as its reader sees it. */
export interface ShownMessage {
  readonly id: string;
  readonly text: string;
  readonly buttons: readonly { readonly label: string; readonly data: string }[];
  readonly edits: number;
}

export type Trouble =
  /** Too many requests: of this kind, or altogether. */
  | { readonly kind: "limited"; readonly seconds: number; readonly of: "requests" | "everything" }
  /** Does what is asked, and breaks the connection instead of saying so. */
  | { readonly kind: "reset-after-accepting" }
  /** Does what is asked, and says so late. */
  | { readonly kind: "slow"; readonly ms: number }
  /** Will not take this message, ever. */
  | { readonly kind: "refused" };

export interface Plan {
  readonly on: "send" | "redraw";
  /** Every chat, where it is left out. */
  readonly chat?: string;
  /** How many requests it hits. */
  readonly times: number;
  readonly trouble: Trouble;
}

export interface SeenRequest {
  readonly on: "send" | "redraw";
  readonly chat: string;
  readonly at: number;
}

/** A chat service's side of the world: who there is, what they see, and what is going to go wrong. */
export const chats = () => {
  const shown = new Map<string, ShownMessage[]>();
  const moved = new Map<string, string>();
  const gone = new Set<string>();
  const plans: { plan: Plan; left: number }[] = [];
  const requests: SeenRequest[] = [];
  const violations: string[] = [];
  let serial = 0;

  return {
    /** Everything that was asked, in the order of arrival. */
    requests,
    /** What no well-behaved bot would send. */
    violations,
    open: (chat: string) => void shown.set(chat, []),
    exists: (chat: string) => shown.has(chat),
    leave: (chat: string) => void gone.add(chat),
    isGone: (chat: string) => gone.has(chat),
    move: (from: string, to: string) => {
      shown.set(to, []);
      moved.set(from, to);
    },
    movedTo: (chat: string) => moved.get(chat),
    plan: (plan: Plan) => void plans.push({ plan, left: plan.times }),
    trouble: (on: Plan["on"], chat: string): Trouble | null => {
      requests.push({ on, chat, at: Date.now() });
      const hit = plans.find(
        ({ plan, left }) => left > 0 && plan.on === on && (plan.chat === undefined || plan.chat === chat),
      );
      if (!hit) return null;
      hit.left -= 1;
      return hit.plan.trouble;
    },
    shows: (chat: string): readonly ShownMessage[] => shown.get(chat) ?? [],
    add: (chat: string, message: Pick<ShownMessage, "text" | "buttons">, id = String(++serial)): string => {
      shown.get(chat)?.push({ ...message, id, edits: 0 });
      return id;
    },
    find: (chat: string, id: string) => shown.get(chat)?.find((message) => message.id === id),
    edit: (chat: string, id: string, message: Pick<ShownMessage, "text" | "buttons">) => {
      const all = shown.get(chat) ?? [];
      const at = all.findIndex((one) => one.id === id);
      const before = all[at];
      if (before) all[at] = { ...message, id, edits: before.edits + 1 };
    },
  };
};

export type Chats = ReturnType<typeof chats>;
