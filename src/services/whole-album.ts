import type { InboundId } from "../domain/ids.ts";
import type { Incoming } from "../ports/chat-platform.ts";
import type { Clock } from "../ports/clock.ts";
import type { InboundStore, StoredIncoming } from "../ports/store/inbound-store.ts";

interface AlbumParts {
  readonly inbound: Pick<InboundStore, "album" | "giveBack">;
  readonly clock: Clock;
}

interface Whole {
  readonly incoming: Incoming;
  /** The further events that it stands for. */
  readonly rest: readonly InboundId[];
}

/** Platforms bring an album piece by piece; so long after its first piece the others have come. */
const ALBUM_MS = 1_000;

type Media = Extract<Incoming["what"], { kind: "media" }>;

const joined = (pieces: readonly Media[]): string =>
  pieces
    .map(({ text }) => text)
    .filter((text) => text !== "")
    .join("\n");

/**
 * The event, and with the first piece of an album all of it; null, and the event given back, for an album that may not be
 * whole yet. A piece that comes later still is an event of its own.
 */
export const wholeAlbum = async ({ inbound, clock }: AlbumParts, event: StoredIncoming): Promise<Whole | null> => {
  const { id, incoming, receivedAt } = event;
  const { what } = incoming;
  if (what.kind !== "media" || what.album === null) return { incoming, rest: [] };
  if (clock.now().getTime() - receivedAt.getTime() < ALBUM_MS) {
    await inbound.giveBack(id, new Date(clock.real().getTime() + ALBUM_MS));
    return null;
  }
  const others = await inbound.album(id, what.album);
  const pieces = [what, ...others.map((other) => other.media)];
  const media: Media = { ...what, text: joined(pieces), items: pieces.flatMap(({ items }) => items) };
  return { incoming: { ...incoming, what: media }, rest: others.map((other) => other.id) };
};
