import { FILE_BYTES } from "../../domain/attachment.ts";
import type { FetchedFile } from "../../ports/chat-platform.ts";
import { ASK_MS } from "../ask.ts";
import type { Api } from "./api.ts";

/** core.telegram.org/bots/api#file */
interface File {
  readonly file_path?: unknown;
  readonly file_size?: unknown;
}

const none = (why: Extract<FetchedFile, { kind: "none" }>["why"]): FetchedFile => ({ kind: "none", why });

/** Whoever answers in the Bot API's place must not lead us to another bot's folder or another method. */
const isInside = (path: unknown): path is string =>
  typeof path === "string" && path !== "" && path.split("/").every((part) => !["", ".", ".."].includes(part));

async function* atMost(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > FILE_BYTES) throw new Error("the file is longer than was said");
    yield chunk;
  }
}

/** Where the file lies in this bot's folder. */
const locate = async (api: Api, reference: string, signal: AbortSignal): Promise<string | FetchedFile> => {
  const asked = await api.ask<File>("getFile", { file_id: reference }, ASK_MS, signal);
  if (!asked.ok && asked.why.includes("file is too big")) return none("too-big");
  if (!asked.ok) return none(asked.status === 400 ? "unknown" : "away");
  const { file_path: path, file_size: size } = asked.result;
  if (Number(size) > FILE_BYTES) return none("too-big");
  return isInside(path) ? path : none("unknown");
};

/**
 * Fetches a file by its `file_id`. Its address holds the token, so that it is made and used here, and only the bytes go on;
 * they come from the origin that is asked, whatever it answers.
 */
export const fetchFile = async (api: Api, reference: string, signal: AbortSignal): Promise<FetchedFile> => {
  const path = await locate(api, reference, signal);
  if (typeof path !== "string") return path;
  const found = await api.download(path, signal);
  if (found.kind !== "stream") return none(found.kind === "answered" && found.status === 404 ? "unknown" : "away");
  if ((found.bytes ?? 0) <= FILE_BYTES) return { kind: "file", bytes: found.bytes, body: atMost(found.body) };
  await found.leave();
  return none("too-big");
};
