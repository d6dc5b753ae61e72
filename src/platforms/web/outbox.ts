import type { ChatStore, NewChatMessage } from "../../ports/store/chat-store.ts";

interface Waiting {
  readonly message: NewChatMessage;
  resolve(ref: string | null): void;
  reject(error: unknown): void;
}

const MOST_AT_ONCE = 200;

/** Writes a message to its chat; resolves with its ref, or null for an unknown chat. */
export type Append = (message: NewChatMessage) => Promise<string | null>;

/** Writes what comes in together in one statement: while one is under way, the others gather for the next. */
export const outbox = (chats: ChatStore, wake: (chat: string) => void): Append => {
  let waiting: Waiting[] = [];
  let writing = false;

  const write = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const refs = await chats.append(batch.map((each) => each.message));
      for (const [at, { message, resolve }] of batch.entries()) {
        resolve(refs[at] ?? null);
        wake(message.chat);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };
  const empty = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MOST_AT_ONCE);
      waiting = waiting.slice(MOST_AT_ONCE);
      await write(batch);
    }
    writing = false;
  };

  return (message) =>
    new Promise((resolve, reject) => {
      waiting.push({ message, resolve, reject });
      if (writing) return;
      writing = true;
      setImmediate(() => void empty());
    });
};
