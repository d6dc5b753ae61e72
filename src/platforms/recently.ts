const WITHIN_MS = 1_000;
const MOST = 5_000;

/** Remembers which chats were written to within the last second: asked about a chat, it says so, and counts the asking. */
export const recently = (): ((chat: string, real: Date) => boolean) => {
  const at = new Map<string, number>();
  return (chat, real) => {
    const now = real.getTime();
    const before = at.get(chat) ?? Number.NEGATIVE_INFINITY;
    at.delete(chat);
    at.set(chat, now);
    for (const [oldest, when] of at) {
      if (now - when < WITHIN_MS && at.size <= MOST) break;
      at.delete(oldest);
    }
    return now - before < WITHIN_MS;
  };
};
