import { decodedText, type Encoding, type NoText } from "./decoded-text.ts";
import type { Source } from "./source.ts";

const fault = async (source: Source, encoding: Encoding): Promise<NoText | null> => {
  for await (const piece of decodedText(source.chunks(), encoding))
    if (typeof piece !== "string") return piece.kind === "no-text" ? piece : null;
  return null;
};

/**
 * How a file's bytes are to be read, found out by reading all of them: UTF-8 where they are that, else GB18030, which is
 * what spreadsheets in China save. Where they are neither, the line at which the likelier of the two ends.
 */
export const textEncoding = async (source: Source): Promise<Encoding | NoText> => {
  const utf8 = await fault(source, "utf-8");
  if (!utf8) return "utf-8";
  const gb18030 = await fault(source, "gb18030");
  if (!gb18030) return "gb18030";
  return gb18030.line > utf8.line ? gb18030 : utf8;
};
