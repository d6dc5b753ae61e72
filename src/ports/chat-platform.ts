import type { Action } from "../dialogue/action.ts";
import type { Reply } from "../dialogue/form/question.ts";
import type { Card } from "../dialogue/screen.ts";
import type { Address } from "../domain/address.ts";
import type { Attachment } from "../domain/attachment.ts";
import type { Lane, SendOutcome } from "../domain/delivery.ts";
import type { DraftId } from "../domain/ids.ts";
import type { Allowance } from "../domain/pace.ts";
import type { PlatformName } from "../domain/platform.ts";
import type { Route } from "./route.ts";

/** A file of the platform's, on its way; or why there is none. */
export type FetchedFile =
  /** `body` throws where the file breaks off, or gets longer than `FILE_BYTES`. */
  | { readonly kind: "file"; readonly bytes: number | null; readonly body: AsyncIterable<Uint8Array> }
  /** Too big to be fetched, unknown to the platform (any more), or not to be had at the moment. */
  | { readonly kind: "none"; readonly why: "too-big" | "unknown" | "away" };

/** Something a person did. */
export interface Incoming {
  /** The platform's own id for this event. The same id twice is the same event. */
  readonly id: string;
  readonly from: Address;
  /** The language the platform says the person uses (BCP 47), where it says so. */
  readonly language: string | null;
  readonly what: /** `ref` is the message that carries the button, where the platform says so: it proves that this message arrived. */
    | { readonly kind: "press"; readonly action: Action; readonly text: string | null; readonly ref: string | null }
    /** A button whose code does not read: of another release, of another person, or forged. */
    | { readonly kind: "stale-press" }
    | { readonly kind: "command"; readonly name: string; readonly argument: string }
    | { readonly kind: "text"; readonly text: string }
    /**
     * `text` is what stands below it, "" for nothing. `items` is empty for what nobody can use, such as a sticker. What was
     * sent as one album comes as so many events under one `album`, which are worked off together.
     */
    | {
        readonly kind: "media";
        readonly text: string;
        readonly items: readonly Attachment[];
        readonly album: string | null;
      }
    | { readonly kind: "language"; readonly locale: string }
    /** A whole form at once, or what is left of it, by question; the platform has shown what was wrong with it already. */
    | { readonly kind: "form"; readonly draft: DraftId; readonly replies: Readonly<Record<string, Reply>> }
    /** The platform says that this address can be written to (again), or no longer. */
    | { readonly kind: "reach"; readonly reachable: boolean }
    /** A receipt for the message with this `ref`. */
    | { readonly kind: "receipt"; readonly ref: string; readonly state: "delivered" | "seen" };
}

/** Resolves once the event is stored, and only then may the platform be answered; rejects when it could not be stored. */
export type Receive = (incoming: Incoming) => Promise<void>;

/** What differs between platforms, as data. */
export interface Limits {
  /** Characters of text in one message. */
  readonly text: number;
  readonly buttons: number;
  /** Bytes of data behind one button. */
  readonly buttonBytes: number;
  /** Messages a second for the whole bot; null where nothing limits it. */
  readonly perSecond: number | null;
  /** What the platform lets be drawn again, over all chats; null where that is as much as `perSecond`. */
  readonly redraws: Allowance | null;
  /** Messages to one chat, and to one where many people read; null where nothing limits them beside. */
  readonly perChat: Allowance | null;
  readonly perGroup: Allowance | null;
  readonly isGroup: (chat: string) => boolean;
  /** How many requests may be under way at once in one process. */
  readonly concurrency: number;
  /** How long after sending a message may still be redrawn, in seconds; null for ever. */
  readonly editSeconds: number | null;
  /** Whether the platform tells that a message was delivered. */
  readonly receipts: boolean;
  /** Whether sending twice under one key is the same as sending once. */
  readonly idempotent: boolean;
}

export interface SendOptions {
  readonly lane: Lane;
  /** After this real moment the result is of no use: give up and say in doubt, if it may have left. */
  readonly deadline: Date;
  /** The same for every attempt at the same message. */
  readonly key: string;
}

/** A chat service, seen from inside. Failures to send are outcomes; only bugs are thrown. */
export interface ChatPlatform {
  readonly name: PlatformName;
  readonly limits: Limits;
  /** What the HTTP server mounts for it: webhooks, or pages. */
  readonly routes: readonly Route[];
  /** Begins to take events. */
  start(receive: Receive): Promise<void>;
  /** Takes no more events; what was handed to `receive` is finished. Sending goes on working until the process ends. */
  stop(): Promise<void>;
  send(to: Address, card: Card, options: SendOptions): Promise<SendOutcome>;
  /** Draws a message again in place. A card that is already so is `sent`. A platform that cannot edit sends anew. */
  redraw(to: Address, ref: string, card: Card, options: SendOptions): Promise<SendOutcome>;
  /** Fetches what an `Attachment` refers to, where the platform has files. `signal` ends it early. Never rejects. */
  file?(reference: string, signal: AbortSignal): Promise<FetchedFile>;
}
