import type { Changes } from "../domain/changes.ts";
import { changesBetween } from "../domain/changes.ts";
import type { NoticeDraft, NoticeText } from "../domain/notice.ts";
import { type AskedAgain, askedAgain, keepsAnswers } from "../domain/renewal.ts";
import type { Wording } from "../domain/wording.ts";
import type { LedgerEvent } from "../ports/ledger.ts";
import type { Queue } from "../ports/queue.ts";
import type {
  AmendStore,
  Replaced,
  ReplacementPreview,
  Standing,
  Unamendable,
  Unreplaced,
} from "../ports/store/amend-store.ts";
import type { Publication } from "../ports/store/notice-store.ts";
import {
  hintSending,
  isProvisional,
  type PrepareParts,
  type PublishRefusal,
  prepareNotice,
  publicationEvents,
} from "./publish-notice.ts";

export interface SupersedeParts extends PrepareParts {
  readonly amends: Pick<AmendStore, "supersede" | "previewSupersede">;
  readonly queue: Pick<Queue, "hint">;
  readonly wording: Wording;
}

/** A checked file that takes the place of the notice of this number. */
export interface NewVersion {
  readonly replaces: string;
  readonly draft: NoticeDraft;
  /** Everybody answers anew, whatever has changed. */
  readonly askAgain: boolean;
}

/** Why it could not be done: on account of the old notice, or of the new one. */
export type SupersedeRefusal =
  | { readonly kind: "old"; readonly number: string; readonly why: Unamendable }
  | PublishRefusal;

/** What is told of a new version beside the figures. */
interface Judged {
  readonly dueAt: Date | null;
  readonly provisional: boolean;
  readonly seconds: number;
  /** Why people who had done their part are asked once more. */
  readonly reasons: readonly AskedAgain[];
  /** What the words say otherwise, by language. */
  readonly changes: readonly { readonly locale: string; readonly changes: Changes }[];
}

const refused = ({ replaces, draft }: NewVersion, why: Unreplaced): SupersedeRefusal => {
  if (why.kind === "number-taken" || why.kind === "nobody") return { kind: why.kind, number: draft.number };
  return { kind: "old", number: replaces, why };
};

const reasonsOf = (old: Standing, { draft, dueAt }: Publication, askAgain: boolean): readonly AskedAgain[] =>
  askedAgain(old, { ack: draft.ack, closing: draft.closing, dueAt }, askAgain);

type Words = Pick<NoticeText, "locale" | "title" | "body">;

/** Versions in the same language, with their titles. */
const changesOf = (
  { parse, wording }: SupersedeParts,
  before: readonly Words[],
  after: readonly Words[],
): Judged["changes"] =>
  after.flatMap((next) => {
    const old = before.find(({ locale }) => locale === next.locale);
    const read = ({ title, body }: Words) => parse(`# ${title}\n\n${body}`);
    return old ? [{ locale: next.locale, changes: changesBetween(read(old), read(next), wording, next.locale) }] : [];
  });

const judged = (
  parts: SupersedeParts,
  { askAgain }: NewVersion,
  publication: Publication,
  { old }: Pick<Replaced, "old">,
): Judged => ({
  dueAt: publication.dueAt,
  provisional: isProvisional(publication),
  seconds: publication.seconds,
  reasons: reasonsOf(old, publication, askAgain),
  changes: changesOf(parts, old.texts, publication.draft.texts),
});

const events = (replaces: string, publication: Publication, done: Replaced): readonly LedgerEvent[] => {
  const { draft, at } = publication;
  const common = { at, actor: "operator", contentHash: draft.contentHash, how: "command" } as const;
  const carried = done.carriedOver.map(({ fulfilled, obligations }) => ({
    ...common,
    kind: "carried-over" as const,
    how: "rule" as const,
    subject: {
      notice: draft.number,
      from: replaces,
      obligations,
      fulfilled: fulfilled ? ("yes" as const) : ("no" as const),
    },
  }));
  const subject = {
    notice: replaces,
    by: draft.number,
    version: String(done.version),
    cancelled: String(done.cancelled),
    stopped: String(done.stopped),
    told: String(done.told),
  };
  return [...publicationEvents(publication, done), ...carried, { ...common, kind: "superseded", subject }];
};

const replacement = ({ replaces, askAgain }: NewVersion, publication: Publication) => ({
  replaces,
  publication,
  keepsAnswers: (old: Standing) => keepsAnswers(reasonsOf(old, publication, askAgain)),
});

/** Publishes a checked file in the place of a notice that stands. Only those whose duty is another one are asked again. */
export const supersedeNotice = async (
  parts: SupersedeParts,
  version: NewVersion,
): Promise<({ readonly kind: "superseded"; readonly result: Replaced } & Judged) | SupersedeRefusal> => {
  const prepared = await prepareNotice(parts, version.draft, null);
  if (!("publication" in prepared)) return prepared;
  const { publication } = prepared;
  const result = await parts.amends.supersede(replacement(version, publication), (done) =>
    events(version.replaces, publication, done),
  );
  if ("kind" in result) return refused(version, result);
  await hintSending(parts);
  return { kind: "superseded", result, ...judged(parts, version, publication, result) };
};

/** What superseding would do, exactly: who is asked, who is asked again and why, who only sees what has changed. */
export const previewSupersession = async (
  parts: SupersedeParts,
  version: NewVersion,
): Promise<({ readonly kind: "preview"; readonly preview: ReplacementPreview } & Judged) | SupersedeRefusal> => {
  const prepared = await prepareNotice(parts, version.draft, null);
  if (!("publication" in prepared)) return prepared;
  const { publication } = prepared;
  const preview = await parts.amends.previewSupersede(replacement(version, publication));
  if ("kind" in preview) return refused(version, preview);
  return { kind: "preview", preview, ...judged(parts, version, publication, preview) };
};
