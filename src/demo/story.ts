import type { NoticeDraft } from "../domain/notice.ts";
import type { PublishParts } from "../services/publish-notice.ts";
import { publishNotice } from "../services/publish-notice.ts";

/** One of the three, as `prisma/demo/cast.json` names them. */
export interface CastMember {
  readonly name: string;
  readonly unitCode: string;
  readonly unitName: string;
}

export type CastList = Readonly<Record<"official" | "principal" | "worker", CastMember>>;

export interface StoryParts {
  readonly publishing: PublishParts;
  /** Whether all this has been told before: what people have chosen since stays theirs. */
  isTold(): Promise<boolean>;
  /** Imports the tree and its people; rejects when the demo's own files are wrong. */
  importPeople(): Promise<void>;
  readNotice(name: "notice-units.md" | "notice-workers.md"): Promise<NoticeDraft>;
}

const publish = async ({ publishing }: StoryParts, draft: NoticeDraft): Promise<void> => {
  const done = await publishNotice(publishing, draft, null);
  // A first run that was cut short leaves its notice to be found by the second.
  if (done.kind !== "published" && done.kind !== "number-taken") throw new Error(`the demo's notice: ${done.kind}`);
};

/** Everything that has happened before the page opens: a county, its people, and two notices. */
export const tellStory = async (parts: StoryParts): Promise<{ readonly units: string; readonly workers: string }> => {
  const told = await parts.isTold();
  if (!told) await parts.importPeople();
  const units = await parts.readNotice("notice-units.md");
  const workers = await parts.readNotice("notice-workers.md");
  if (!told) for (const draft of [units, workers]) await publish(parts, draft);
  return { units: units.number, workers: workers.number };
};
