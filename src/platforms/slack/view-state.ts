import { z } from "zod";
import type { Reply } from "../../dialogue/form/question.ts";
import type { DraftId } from "../../domain/ids.ts";

/** The button that opens the window for a code. */
export const OPEN_CODE = "open-code";

/** Which window it is that was filled in. */
export const VIEWS = { form: "form", code: "code" } as const;

export type Replies = Readonly<Record<string, Reply>>;

/** What a window that asks a form carries along unseen: which draft, and what was answered in windows before. */
export interface Carried {
  readonly draft: DraftId;
  readonly replies: Replies;
}

export type Filled =
  | (Carried & { readonly kind: "form" })
  | { readonly kind: "code"; readonly code: string }
  /** Of another release. */
  | { readonly kind: "unknown" };

const REPLY = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("option"), option: z.string() }),
  z.object({ kind: z.literal("text"), text: z.string() }),
]);
const CARRIED = z.object({ draft: z.string().regex(/^\d{1,18}$/), replies: z.record(z.string(), REPLY) });
const RADIO = z.object({ selected_option: z.object({ value: z.string() }) });
const WORDS = z.object({ value: z.string() });

/** docs.slack.dev/reference/views/modal-views: at most 3,000 characters. */
export const carriedText = ({ draft, replies }: Carried): string => JSON.stringify({ draft: String(draft), replies });

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const replyOf = (state: unknown): Reply | null => {
  const option = RADIO.safeParse(state).data?.selected_option.value;
  if (option !== undefined) return { kind: "option", option };
  const text = WORDS.safeParse(state).data?.value;
  return text === undefined ? null : { kind: "text", text };
};

interface FilledView {
  readonly callback_id: string;
  readonly private_metadata: string;
  readonly state: { readonly values: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
}

/** What somebody has filled in: by block, which is named as the question that it asks. */
export const filledOf = ({ callback_id: name, private_metadata: carried, state }: FilledView): Filled => {
  const given = Object.entries(state.values).flatMap(([block, inputs]) => {
    const reply = replyOf(Object.values(inputs)[0]);
    return reply ? [[block, reply] as const] : [];
  });
  const replies: Replies = Object.fromEntries(given);
  if (name === VIEWS.code) {
    const { code } = replies;
    return { kind: "code", code: code?.kind === "text" ? code.text : "" };
  }
  const before = name === VIEWS.form ? CARRIED.safeParse(json(carried)).data : undefined;
  if (!before) return { kind: "unknown" };
  return { kind: "form", draft: BigInt(before.draft) as DraftId, replies: { ...before.replies, ...replies } };
};
