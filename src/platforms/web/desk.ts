import type { Followers } from "./followers.ts";
import type { Inlet } from "./inlet.ts";
import type { Append } from "./outbox.ts";
import type { WebParts } from "./parts.ts";
import type { Sessions } from "./sessions.ts";

/** What the routes of a chat work with. */
export interface Desk {
  readonly parts: WebParts;
  readonly inlet: Inlet;
  readonly append: Append;
  readonly followers: Followers;
  readonly sessions: Sessions;
}
