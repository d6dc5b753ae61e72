import type { InvitationId } from "../../domain/ids.ts";
import type { PlatformName } from "../../domain/platform.ts";
import type { Post } from "../../domain/post.ts";

type Office = Pick<Post, "post" | "deputy">;

export interface NewInvitation extends Office {
  /** By code. */
  readonly unit: string;
  readonly codeHash: Uint8Array;
  readonly uses: number;
  /** Real time. */
  readonly expiresAt: Date;
}

export interface AddedInvitation {
  readonly id: InvitationId;
  readonly unit: string;
  readonly unitName: string;
  /** Whether somebody above has to agree to whoever enrols with it. */
  readonly privileged: boolean;
}

export interface ListedInvitation extends Office {
  readonly id: InvitationId;
  readonly unit: string;
  readonly unitName: string;
  readonly uses: number;
  readonly used: number;
  readonly expiresAt: Date;
}

/** Codes that let people in; only their hashes are kept. The ledger is told of each. */
export interface InvitationStore {
  /** All or none, in the order given; the first code of a unit that there is not, or that is closed. */
  add(
    invitations: readonly NewInvitation[],
    times: { readonly now: Date; readonly real: Date },
  ): Promise<readonly AddedInvitation[] | { readonly unknown: string } | { readonly closed: string }>;
  /** Those that still let somebody in, the oldest first; of one unit or all. */
  list(unit: string | null, real: Date): Promise<readonly ListedInvitation[]>;
  /** False where none of that number still lets anybody in. */
  revoke(invitation: InvitationId, times: { readonly now: Date; readonly real: Date }): Promise<boolean>;
  /** The name under which a platform's bot is found, once the service has learnt it; null where it has not. */
  botName(platform: PlatformName): Promise<string | null>;
  keepBotName(platform: PlatformName, name: string): Promise<void>;
}
