import type { Locale } from "../domain/language.ts";
import type { ChatView } from "../html/chat-view.ts";
import { type Html, toMarkup } from "../html/html.ts";
import type { Say } from "../html/say.ts";
import type { EventFeed } from "../ports/route.ts";
import type { Role } from "./cast.ts";
import type { Picture } from "./parts.ts";
import { clockFace, feed, sentence, summary } from "./parts.ts";

export interface LiveParts {
  readonly chats: ChatView;
  readonly cast: readonly Role[];
  readonly locale: Locale;
  readonly say: Say;
  /** Tells this stream from those of other windows. */
  readonly key: string;
  picture(): Promise<Picture>;
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

const EVERY_MS = 700;
/** A screen reader is told the figures this often at most. */
const SPOKEN_MS = 10_000;

const PARTS: Readonly<Record<string, (picture: Picture, say: Say) => Html>> = { summary, feed, clock: clockFace };

/** "12.7.30": the change at which each chat stands, in the order of the cast. */
export const writeAfter = (seqs: readonly bigint[]): string => seqs.join(".");

export const readAfter = (text: string | null, count: number): readonly bigint[] | null => {
  const parts = (text ?? "").split(".");
  return parts.length === count && parts.every((part) => /^\d{1,18}$/.test(part)) ? parts.map(BigInt) : null;
};

/** One stream for the whole page: the three chats, and every part of the picture that has changed. */
export const live = (parts: LiveParts, from: readonly bigint[]): EventFeed => ({
  kind: "events",
  key: parts.key,
  async run(send, signal) {
    const seqs = [...from];
    const put = (name: string, data: string) => send({ id: writeAfter(seqs), name, data });
    const chats = parts.cast.map(({ chat, base, role }, place) =>
      parts.chats.follow(
        { chat, base, log: `log-${role}`, seq: from[place] ?? 0n, locale: parts.locale },
        async ({ seq, data }) => {
          seqs[place] = seq;
          await put("turn", data);
        },
        signal,
      ),
    );
    await Promise.all([...chats, draw(parts, put, signal)]);
  },
});

const draw = async (
  { picture, say, sleep }: LiveParts,
  put: (name: string, data: string) => Promise<void>,
  signal: AbortSignal,
): Promise<void> => {
  const last = new Map<string, string>();
  const tell = async (name: string, markup: string) => {
    if (last.get(name) === markup) return;
    last.set(name, markup);
    await put("part", JSON.stringify([name, markup]));
  };
  for (let waited = 0; !signal.aborted; waited += EVERY_MS) {
    const now = await picture();
    for (const [name, drawn] of Object.entries(PARTS)) await tell(name, toMarkup(drawn(now, say)));
    if (waited >= SPOKEN_MS) {
      waited = 0;
      await tell("sentence", toMarkup(sentence(now, say)));
    }
    await sleep(EVERY_MS, signal);
  }
};
