import type { Phrase } from "../../dialogue/phrase.ts";
import type { Locale } from "../../domain/language.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Http } from "../../ports/http.ts";
import type { Keys } from "../../ports/keys.ts";
import type { Log } from "../../ports/log.ts";
import type { LeaseStore } from "../../ports/store/lease-store.ts";

/** What Telegram is reached with. */
export interface TelegramParts {
  readonly token: string;
  /** A connection to `TELEGRAM_API_ROOT`. */
  readonly http: Http;
  /** Where the platform posts to and how it proves itself; null for long polling. */
  readonly webhook: { readonly url: string; readonly secret: string } | null;
  /** Messages a second for the whole bot. */
  readonly perSecond: number;
  readonly keys: Pick<Keys, "buttonCode" | "readButton">;
  readonly leases: LeaseStore;
  /** Told the bot's user name, once it is known: invitations lead to it. */
  readonly named: (bot: string) => Promise<void>;
  /** This process, among those that share the leases. */
  readonly holder: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly say: (words: Phrase, locale: Locale) => string;
}
