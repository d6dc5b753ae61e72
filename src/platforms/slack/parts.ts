import type { Phrase } from "../../dialogue/phrase.ts";
import type { Card } from "../../dialogue/screen.ts";
import type { Address } from "../../domain/address.ts";
import type { DeliveryId, DraftId } from "../../domain/ids.ts";
import type { Locale } from "../../domain/language.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Http } from "../../ports/http.ts";
import type { Keys } from "../../ports/keys.ts";
import type { Log } from "../../ports/log.ts";
import type { DraftStore } from "../../ports/store/draft-store.ts";
import type { LeaseStore } from "../../ports/store/lease-store.ts";

/** What somebody owes, as their App Home shows it. */
export interface Owed {
  readonly card: Card;
  /** They could not be reached here until now. */
  readonly gone: boolean;
}

/** What Slack is reached with, and what its surfaces beside messages are filled from. */
export interface SlackParts {
  /** The bot's token. */
  readonly token: string;
  /** A connection to the origin of `apiUrl`. */
  readonly http: Http;
  readonly apiUrl: URL;
  /** How what people do comes in: posted to us and signed, or over sockets that an app token opens. */
  readonly inbound: { readonly signingSecret: string } | { readonly appToken: string };
  /** Messages a second for the whole workspace. */
  readonly perSecond: number;
  readonly keys: Pick<Keys, "buttonCode" | "readButton">;
  readonly leases: LeaseStore;
  /** This process, among those that share the leases. */
  readonly holder: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly say: (words: Phrase, locale: Locale) => string;
  readonly defaultLocale: Locale;
  /** A form that somebody is in, and how it stands. */
  readonly drafts: Pick<DraftStore, "read">;
  /** A message as it should look now; null where there is none. */
  readonly card: (delivery: DeliveryId) => Promise<Card | null>;
  /** What somebody owes; null for whoever is not known. */
  readonly owed: (address: Address) => Promise<Owed | null>;
  /** Whether an event of ours is worked off. */
  readonly settled: (eventId: string) => Promise<boolean>;
}

export type ReadDraft = NonNullable<Awaited<ReturnType<SlackParts["drafts"]["read"]>>> & { readonly id: DraftId };
