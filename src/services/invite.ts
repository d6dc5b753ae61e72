import type { EnrolmentId, InvitationId } from "../domain/ids.ts";
import { spacedCode } from "../domain/invitation-code.ts";
import type { PlatformName } from "../domain/platform.ts";
import type { Post } from "../domain/post.ts";
import type { Clock } from "../ports/clock.ts";
import type { Keys } from "../ports/keys.ts";
import type { Word } from "../ports/store/draft-store.ts";
import type { EnrolmentStore } from "../ports/store/enrolment-store.ts";
import type { AddedInvitation, InvitationStore } from "../ports/store/invitation-store.ts";
import { enrolmentEntries } from "./enrolment-entries.ts";

export interface InviteParts {
  readonly invitations: InvitationStore;
  readonly enrolments: Pick<EnrolmentStore, "waiting" | "decideByCommand">;
  readonly keys: Pick<Keys, "tokenHash">;
  readonly clock: Clock;
  readonly platforms: readonly PlatformName[];
  /** A fresh code of 80 random bits. */
  readonly newCode: () => string;
}

export interface JoinLink {
  readonly platform: "web" | "telegram";
  readonly url: string;
}

export interface Invitation extends AddedInvitation {
  readonly code: string;
  readonly expiresAt: Date;
  /** How a phone gets there; the one that most people have an app for first. */
  readonly links: readonly JoinLink[];
}

export interface InviteRequest extends Pick<Post, "post" | "deputy"> {
  /** By code. */
  readonly units: readonly string[];
  readonly uses: number;
  readonly lastsMs: number;
  /** Where people's browsers reach the service, without a slash at the end. */
  readonly address: string;
}

/** A Telegram bot takes a code of up to 64 letters after `start` (core.telegram.org/api/links#bot-links). */
const linksOf = (address: string, bot: string | null, code: string): readonly JoinLink[] => [
  ...(bot === null ? [] : [{ platform: "telegram" as const, url: `https://t.me/${bot}?start=${code}` }]),
  { platform: "web", url: `${address}/join/${spacedCode(code)}` },
];

/** A code for an office in each of these units. What cannot be had is told instead, and nothing is made. */
export const invite = async (
  { invitations, keys, clock, newCode }: InviteParts,
  { units, post, deputy, uses, lastsMs, address }: InviteRequest,
): Promise<readonly Invitation[] | { readonly unknown: string } | { readonly closed: string }> => {
  const times = { now: clock.now(), real: clock.real() };
  const expiresAt = new Date(times.real.getTime() + lastsMs);
  const made = units.map((unit) => ({ unit, code: newCode() }));
  const added = await invitations.add(
    made.map(({ unit, code }) => ({ unit, post, deputy, codeHash: keys.tokenHash(code), uses, expiresAt })),
    times,
  );
  if (!Array.isArray(added)) return added as Exclude<typeof added, readonly AddedInvitation[]>;
  const bot = await invitations.botName("telegram");
  return (added as readonly AddedInvitation[]).map((one, at) => {
    const code = made[at]?.code ?? "";
    return { ...one, code, expiresAt, links: linksOf(address, bot, code) };
  });
};

export const revokeInvitation = ({ invitations, clock }: InviteParts, id: InvitationId): Promise<boolean> =>
  invitations.revoke(id, { now: clock.now(), real: clock.real() });

/** The operator's own word about somebody who waits. */
export const sayWord = (
  { enrolments, clock, platforms }: InviteParts,
  enrolment: EnrolmentId,
  word: Word,
): Promise<boolean> =>
  enrolments.decideByCommand(enrolment, word, {
    ...{ now: clock.now(), real: clock.real() },
    platforms,
    entries: enrolmentEntries,
  });
