import type { Phrase } from "../../dialogue/phrase.ts";
import type { Locale } from "../../domain/language.ts";
import type { AssetLinks } from "../../html/document.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Keys } from "../../ports/keys.ts";
import type { Log } from "../../ports/log.ts";
import type { AccessStore } from "../../ports/store/access-store.ts";
import type { ChatStore } from "../../ports/store/chat-store.ts";
import type { EnrolmentStore } from "../../ports/store/enrolment-store.ts";

/** What the web chat is made of. */
export interface WebParts {
  readonly chats: ChatStore;
  readonly access: AccessStore;
  readonly enrolments: Pick<EnrolmentStore, "admit">;
  readonly keys: Pick<Keys, "buttonCode" | "readButton" | "newToken" | "tokenHash">;
  readonly clock: Clock;
  readonly log: Log;
  readonly say: (words: Phrase, locale: Locale) => string;
  /** For who has chosen no language. */
  readonly defaultLocale: Locale;
  readonly assets: AssetLinks;
  /** Whether people come by HTTPS: cookies then say so. */
  readonly secure: boolean;
  /** Whether an event that was received has been worked off. */
  readonly settled: (eventId: string) => Promise<boolean>;
}

/** A place of the demo where anybody acts as the person of one chat. */
export interface ActAs {
  /** The path, such as `/demo/as/official`. */
  readonly base: string;
  readonly chat: string;
}

export const addressOf = (chat: string): { readonly platform: "web"; readonly chat: string } => ({
  platform: "web",
  chat,
});
