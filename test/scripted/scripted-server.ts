import type { Chats } from "./chats.ts";
import type { Served } from "./serve.ts";

/** Something a person did, as the platform writes it down. */
export interface PlatformEvent {
  /** What the platform knows it by. */
  readonly id: string;
  readonly body: string;
}

/** A strict server that behaves like a chat platform and fails on demand. */
export interface ScriptedServer extends Served {
  readonly chats: Chats;
  newChat(): string;
  tap(chat: string, message: string, data: string): PlatformEvent;
  say(chat: string, text: string): PlatformEvent;
  /** The request by which the platform tells the bot. Telling twice is the same request twice. */
  request(event: PlatformEvent): {
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}
