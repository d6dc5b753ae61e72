import type { Changes } from "../domain/changes.ts";
import type { Block } from "../domain/content.ts";
import type { DeliveryKind } from "../domain/delivery.ts";
import type { DeliveryId, EnrolmentId, ObligationId, TaskId } from "../domain/ids.ts";
import type { Locale } from "../domain/language.ts";
import type { Ack, Closing, NoticeState, Urgency } from "../domain/notice.ts";
import type { ObligationState } from "../domain/obligation.ts";
import type { PlatformName } from "../domain/platform.ts";
import type { PostName } from "../domain/post.ts";
import type { FormView } from "./form/form-screen.ts";
import type { Phrase } from "./phrase.ts";

/** Someone's standing answer to one obligation. */
export interface AnswerView {
  /** The reader's own, or somebody else's, with their name. */
  readonly by: "me" | { readonly name: string };
  readonly how: "tap" | "proxy" | "paper";
  readonly at: Date;
  readonly late: boolean;
}

/** One obligation that the reader was asked to discharge. */
export interface DutyView {
  readonly obligation: ObligationId;
  readonly unitName: string;
  readonly post: PostName;
  readonly deputy: boolean;
  readonly state: ObligationState;
  readonly generation: number;
  readonly dueAt: Date | null;
  /** The reader's own answer where they gave one, else the latest of anybody. */
  readonly answer: AnswerView | null;
}

/** The version before, of which the reader has a card, or may have. */
export interface PreviousView {
  readonly number: string;
  readonly ack: Ack;
  readonly dueAt: Date | null;
  /** Whether the reader had answered it. */
  readonly answered: boolean;
  /** Null where it had no words in the language of these. */
  readonly changes: Changes | null;
}

export interface NoticeView {
  readonly number: string;
  readonly urgency: Urgency;
  readonly ack: Ack;
  readonly closing: Closing;
  readonly state: NoticeState;
  readonly issuerName: string;
  readonly dueAt: Date | null;
  readonly dueProvisional: boolean;
  /** How long the answer takes, in seconds. */
  readonly seconds: number;
  /** The version in the reader's language, else the notice's first one. */
  readonly text: { readonly locale: Locale; readonly title: string; readonly content: readonly Block[] };
  readonly duties: readonly DutyView[];
  /** Of a notice that was recalled. */
  readonly recallReason: string | null;
  /** What took its place; `mine`: the reader has a card of it. */
  readonly successor: { readonly number: string; readonly mine: boolean } | null;
  readonly previous: PreviousView | null;
  /** Whether the reader was asked for something that others are asked for now, for they do not hold that office any more. */
  readonly released: boolean;
}

/** An open obligation of a unit that the reader may answer for. */
export interface ProxyView {
  readonly obligation: ObligationId;
  readonly generation: number;
  readonly unitName: string;
  readonly number: string;
  readonly title: string;
  readonly dueAt: Date | null;
  readonly state: ObligationState;
}

/** What one item of a person's own list says. */
export interface TodoView {
  readonly delivery: DeliveryId;
  readonly round: number;
  readonly number: string;
  readonly title: string;
  readonly ack: Ack;
  readonly dueAt: Date | null;
  readonly units: readonly string[];
  /** Its words have not come by themselves: a button sends them. */
  readonly fresh: boolean;
  /** Whether it may be answered together with others. */
  readonly batch: boolean;
}

/** Something that is stuck below the reader's unit, or in the unit where they stand in. */
export interface StuckView {
  readonly obligation: ObligationId;
  readonly generation: number;
  readonly unitName: string;
  readonly number: string;
  readonly dueAt: Date | null;
  /** Who was asked, and where to call them; null for nobody, and for no number. */
  readonly who: string | null;
  readonly phone: string | null;
  /** What the reader is to do themself. */
  readonly task: { readonly id: TaskId; readonly kind: "phone" | "visit" } | null;
}

/** Whether somebody may enrol, as whoever is asked sees it. */
export interface ApprovalView {
  readonly enrolment: EnrolmentId;
  readonly state: "waiting" | "approved" | "refused";
  /** Whether the reader is whom the other one says to be. */
  readonly self: boolean;
  readonly name: string;
  readonly unitName: string;
  readonly post: PostName;
  readonly deputy: boolean;
  /** Where the other one wrote from; null once nobody knows. */
  readonly platform: PlatformName | null;
}

/** Everything that one message shows its reader, read afresh each time it is drawn. */
export interface DeliveryView {
  readonly id: DeliveryId;
  readonly kind: DeliveryKind;
  readonly round: number;
  /** The page of the whole text that its reader has opened; 0 for none. */
  readonly page: number;
  /** It may have arrived once already. */
  readonly repeat: boolean;
  readonly sentAt: Date | null;
  readonly reader: { readonly name: string; readonly locale: Locale };
  readonly notice: NoticeView | null;
  /** The words of a reply. */
  readonly phrase: Phrase | null;
  /** The question that a form asks here; null where the form is over. */
  readonly form: FormView<unknown> | null;
  readonly approval: ApprovalView | null;
  readonly todo: readonly TodoView[];
  /** Why it may come at an hour at which nobody is disturbed otherwise. */
  readonly bypass: "urgent" | "flash" | "legal-clock" | null;
  /** The first of what is stuck, how much that is in all, and of how much. */
  readonly stuck: { readonly items: readonly StuckView[]; readonly open: number; readonly total: number } | null;
  /** Of a digest: messages about what is stuck below the reader that it stands for, and when its day ends. */
  readonly below: number;
  readonly dayEnds: Date | null;
  /** One page of a list, and where the next one begins. */
  readonly proxy: { readonly items: readonly ProxyView[]; readonly next: number | null; readonly total: number } | null;
}
