/** What came beside words. `file` is the platform's own reference, for `ChatPlatform.file`. */
export type Attachment =
  | {
      readonly kind: "photo" | "video" | "audio" | "voice" | "document";
      readonly file: string;
      /** As its sender named it; null where it has no name. */
      readonly name: string | null;
      /** As the platform says; null where it does not. */
      readonly bytes: number | null;
      /** The media type that the platform or the sender claims. */
      readonly type: string | null;
    }
  /** In degrees (WGS 84). `name` is that of a place that has one. */
  | { readonly kind: "place"; readonly latitude: number; readonly longitude: number; readonly name: string | null };

/** No file that is longer is fetched, from whatever platform: the Bot API gives none out (core.telegram.org/bots/api#getfile). */
export const FILE_BYTES = 20 * 1024 * 1024;
