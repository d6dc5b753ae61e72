import type { Attachment } from "../../domain/attachment.ts";
import type { Incoming } from "../../ports/chat-platform.ts";

interface Sent {
  readonly file_id: string;
  readonly file_name?: string;
  readonly file_size?: number;
  readonly mime_type?: string;
}

/** The fields of a message (core.telegram.org/bots/api#message) that say what came beside words. */
export interface Carrier {
  readonly caption?: string;
  readonly media_group_id?: string;
  /** The same picture in several sizes, the largest last. */
  readonly photo?: readonly Sent[];
  readonly animation?: Sent;
  readonly document?: Sent;
  readonly video?: Sent;
  readonly video_note?: Sent;
  readonly audio?: Sent;
  readonly voice?: Sent;
  readonly location?: { readonly latitude: number; readonly longitude: number };
  readonly venue?: { readonly title: string };
}

/** In this order: what is an animation is called a document too, for the sake of old bots. */
const FILES = [
  ["animation", "video"],
  ["video", "video"],
  ["video_note", "video"],
  ["audio", "audio"],
  ["voice", "voice"],
  ["document", "document"],
] as const;

/** Meant for us as words are, and of no use to us. Whatever else has no words is the chat's own doing and nobody's. */
const USELESS = ["sticker", "dice", "poll", "contact", "story", "game", "paid_media", "checklist"];

const fileOf = (
  kind: Exclude<Attachment["kind"], "place">,
  { file_id: file, file_name: name, file_size: bytes, mime_type: type }: Sent,
): Attachment => ({ kind, file, name: name ?? null, bytes: bytes ?? null, type: type ?? null });

const attached = (message: Carrier): Attachment | null => {
  const photo = message.photo?.at(-1);
  if (photo) return fileOf("photo", { ...photo, mime_type: "image/jpeg" });
  if (message.location) {
    const { latitude, longitude } = message.location;
    return { kind: "place", latitude, longitude, name: message.venue?.title ?? null };
  }
  const [field, kind] = FILES.find(([name]) => message[name]) ?? [];
  const sent = field && message[field];
  return sent ? fileOf(kind, sent) : null;
};

/** What came beside words; null where nothing did that anybody sent us. */
export const mediaOf = (message: Carrier): Extract<Incoming["what"], { kind: "media" }> | null => {
  const item = attached(message);
  if (!item && !USELESS.some((kind) => kind in message)) return null;
  return {
    kind: "media",
    text: message.caption ?? "",
    items: item ? [item] : [],
    album: message.media_group_id ?? null,
  };
};
