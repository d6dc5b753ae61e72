import type { Audience } from "../domain/audience.ts";
import { columnOfCode, namedCodes, namesPost, parseAudience } from "../domain/audience.ts";
import type { Block } from "../domain/content.ts";
import { plainText } from "../domain/content.ts";
import type { Ack, NoticeDraft } from "../domain/notice.ts";
import type { PlatformName } from "../domain/platform.ts";
import type { ReadCalendars } from "../ports/calendar.ts";
import type { Clock } from "../ports/clock.ts";
import type { LedgerEvent } from "../ports/ledger.ts";
import type { Queue } from "../ports/queue.ts";
import type { NoticeStore, Publication, PublicationPreview, Published } from "../ports/store/notice-store.ts";
import { bypassEvent } from "./bypass-event.ts";
import { timetablesOf } from "./timetables.ts";

export interface PrepareParts {
  readonly notices: Pick<NoticeStore, "unknownCodes">;
  readonly calendars: ReadCalendars;
  readonly clock: Clock;
  readonly parse: (markdown: string) => readonly Block[];
  /** The platforms that are switched on, in order of preference. */
  readonly platforms: readonly PlatformName[];
}

export interface PublishParts extends PrepareParts {
  readonly notices: NoticeStore;
  readonly queue: Pick<Queue, "hint">;
}

/** Why a checked notice still cannot be published here and now. */
export type PublishRefusal =
  | { readonly kind: "unknown-issuer"; readonly code: string }
  | { readonly kind: "unknown-code"; readonly code: string; readonly column: number }
  | { readonly kind: "post-needed" }
  | { readonly kind: "due-passed" }
  | { readonly kind: "at-passed" }
  /** `nobody`: the audience selects no unit, or no holder of the office it names. */
  | { readonly kind: "number-taken" | "nobody"; readonly number: string };

/** Seconds beyond reading: a tap takes 12, a sentence of evidence a minute and a half. */
const DOING: Readonly<Record<Ack, number>> = { none: 0, read: 12, undertake: 12, evidence: 90 };
/** Characters a second that people read: about 8 Chinese characters, or 25 Latin letters. */
const READING = { wide: 8, narrow: 25 };

/** How long one person needs for the notice, in seconds, rounded up to ten. */
const secondsFor = (draft: NoticeDraft, parse: PrepareParts["parse"]): number => {
  const words = plainText(parse(draft.texts[0].body));
  const wide = [...words].filter((letter) => letter > "\u2e80").length;
  const reading = wide / READING.wide + ([...words].length - wide) / READING.narrow;
  return Math.max(10, Math.ceil((reading + DOING[draft.ack]) / 10) * 10);
};

/** A code that nobody has: the issuer's, or one that the audience speaks of. */
const unknownCode = async (
  { notices }: PrepareParts,
  draft: NoticeDraft,
  audience: Audience,
): Promise<PublishRefusal | null> => {
  const [issuer] = await notices.unknownCodes([draft.issuerCode]);
  if (issuer !== undefined) return { kind: "unknown-issuer", code: issuer };
  const [code] = await notices.unknownCodes(namedCodes(audience));
  return code === undefined ? null : { kind: "unknown-code", code, column: columnOfCode(draft.audience, code) };
};

/** Everything that is checked about a notice file here and now, before anything is written. */
export const prepareNotice = async (
  parts: PrepareParts,
  draft: NoticeDraft,
  asked: Date | null,
): Promise<{ readonly publication: Publication } | PublishRefusal> => {
  const now = parts.clock.now();
  const at = asked ?? now;
  if (at < now) return { kind: "at-passed" };
  const parsed = parseAudience(draft.audience);
  // The file was checked before; a draft that does not parse here never came through that door.
  if (parsed.kind === "wrong") throw new Error(`unchecked audience: ${parsed.problem}`);
  const unknown = await unknownCode(parts, draft, parsed.audience);
  if (unknown) return unknown;
  if (draft.closing.kind === "everyone" && !namesPost(parsed.audience)) return { kind: "post-needed" };
  const timetables = timetablesOf(await parts.calendars(), draft, at);
  const [{ dueAt }] = timetables;
  if (dueAt && dueAt <= at) return { kind: "due-passed" };
  const seconds = secondsFor(draft, parts.parse);
  const { audience } = parsed;
  return { publication: { draft, audience, dueAt, timetables, seconds, at, platforms: parts.platforms } };
};

/** Whether any time of it is told with the reserve that nobody has announced that year's holidays. */
export const isProvisional = ({ timetables }: Publication): boolean =>
  timetables.some(({ provisional }) => provisional);

const published = ({ draft, at }: Publication, result: Published): LedgerEvent => ({
  kind: "published",
  at,
  actor: "operator",
  subject: {
    notice: draft.number,
    obligations: String(result.obligations),
    recipients: String(result.recipients),
    set: result.recipientSet,
  },
  contentHash: draft.contentHash,
  how: "command",
});

/** That it was published, and whom it disturbs at an hour at which nobody else would. */
export const publicationEvents = (publication: Publication, result: Published): readonly LedgerEvent[] => {
  const event = published(publication, result);
  if (result.bypasses === 0) return [event];
  const { number: notice, urgency: reason } = publication.draft;
  return [event, bypassEvent({ notice, reason, people: result.bypasses, at: publication.at })];
};

/** There is something to send, and something to seal. */
export const hintSending = ({ queue, platforms }: Pick<PublishParts, "queue" | "platforms">): Promise<void> =>
  queue.hint(...platforms.map((id) => ({ name: "dispatch", id }) as const), { name: "seal", id: "1" });

/** Publishes a checked notice at a service time (now, or later): everything is written before anything is sent. */
export const publishNotice = async (
  parts: PublishParts,
  draft: NoticeDraft,
  at: Date | null,
): Promise<
  | {
      readonly kind: "published";
      readonly result: Published;
      readonly dueAt: Date | null;
      readonly provisional: boolean;
    }
  | PublishRefusal
> => {
  const prepared = await prepareNotice(parts, draft, at);
  if (!("publication" in prepared)) return prepared;
  const { publication } = prepared;
  const result = await parts.notices.publish(publication, (made) => publicationEvents(publication, made));
  if (result === "number-taken" || result === "nobody") return { kind: result, number: draft.number };
  await hintSending(parts);
  return { kind: "published", result, dueAt: publication.dueAt, provisional: isProvisional(publication) };
};

/** What publishing would do, exactly, and what it would cost. Writes nothing. */
export const previewNotice = async (
  parts: PublishParts,
  draft: NoticeDraft,
  at: Date | null,
): Promise<
  | {
      readonly kind: "preview";
      readonly preview: PublicationPreview;
      readonly dueAt: Date | null;
      readonly provisional: boolean;
      readonly seconds: number;
    }
  | PublishRefusal
> => {
  const prepared = await prepareNotice(parts, draft, at);
  if (!("publication" in prepared)) return prepared;
  const { dueAt, seconds } = prepared.publication;
  const preview = await parts.notices.preview(prepared.publication);
  if (preview === "number-taken" || preview === "nobody") return { kind: preview, number: draft.number };
  return { kind: "preview", preview, dueAt, provisional: isProvisional(prepared.publication), seconds };
};
