import { createHash, randomUUID } from "node:crypto";

/**
 * The id of what a form posted: the same for every post of the same form with the same button, so that a double click is
 * one event. Hashed, for it is stored where a chat's address may not stand. A client without a nonce never repeats itself.
 */
export const eventId = (chat: string, nonce: string | null, button: string): string =>
  createHash("sha256")
    .update([chat, nonce || randomUUID(), button].join("\n"))
    .digest("base64url");
