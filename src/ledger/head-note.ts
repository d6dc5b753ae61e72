import { createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import type { HeadFacts } from "../ports/ledger.ts";
import { fromBase64, sha256 } from "./hash.ts";

/** The name of the log and of the key that signs it (c2sp.org/tlog-checkpoint: the two are the same). */
export const ORIGIN = "chuanda/ledger";

const ED25519 = 1;
/** What stands before the 32 bytes of an Ed25519 public key in its DER form (RFC 8410). */
const SPKI = Buffer.from("302a300506032b6570032100", "hex");
const DASH = "\u2014";
const SIGNATURE = /^\u2014 [^\s+]+ [A-Za-z0-9+/]+={0,2}$/;
const SIZE = /^(0|[1-9]\d{0,18})$/;
const ROOT = /^[A-Za-z0-9+/]{43}=$/;

/** A key that notes are checked with. */
export interface NoteKey {
  readonly name: string;
  /** The 32 bytes of the Ed25519 public key. */
  readonly raw: Buffer;
  /** The four bytes that tell a key's signatures from others'. */
  readonly hash: Buffer;
  readonly publicKey: KeyObject;
}

const rawKey = (raw: Buffer, name: string): NoteKey => ({
  name,
  raw,
  hash: Buffer.from(sha256(`${name}\n`, Uint8Array.of(ED25519), raw).subarray(0, 4)),
  publicKey: createPublicKey({ key: Buffer.concat([SPKI, raw]), format: "der", type: "spki" }),
});

export const noteKey = (publicKey: KeyObject, name = ORIGIN): NoteKey =>
  rawKey(publicKey.export({ type: "spki", format: "der" }).subarray(-32), name);

/** The key as c2sp.org/signed-note writes it for those who check: name+hash+key. */
export const writeNoteKey = ({ name, raw, hash }: NoteKey): string =>
  `${name}+${hash.toString("hex")}+${Buffer.concat([Uint8Array.of(ED25519), raw]).toString("base64")}`;

/** Null for anything but an Ed25519 key whose hash is its own. */
export const readNoteKey = (text: string): NoteKey | null => {
  const [, name, hash, base64] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(text.trim()) ?? [];
  const bytes = Buffer.from(base64 ?? "", "base64");
  if (!name || bytes[0] !== ED25519) return null;
  const key = rawKey(bytes.subarray(1), name);
  return key.hash.toString("hex") === hash ? key : null;
};

/** A signed note over any text that ends a line. */
export const signNote = (text: string, { name, hash }: NoteKey, privateKey: KeyObject): string => {
  const signature = Buffer.concat([hash, sign(null, Buffer.from(text), privateKey)]);
  return `${text}\n${DASH} ${name} ${signature.toString("base64")}\n`;
};

/** The text of a note, ending its line, when a signature of this key is on it and holds; otherwise null. Others are ignored. */
export const openNote = (note: string, key: NoteKey): string | null => {
  const end = note.lastIndexOf("\n\n") + 1;
  if (end === 0 || !note.endsWith("\n")) return null;
  const text = note.slice(0, end);
  const lines = note.slice(end + 1, -1).split("\n");
  if (!lines.every((line) => SIGNATURE.test(line))) return null;
  const begin = `${DASH} ${key.name} `;
  const signatures = lines
    .filter((line) => line.startsWith(begin))
    .map((line) => fromBase64(line.slice(begin.length)))
    .filter((bytes) => bytes !== null && key.hash.equals(bytes.subarray(0, 4)));
  const holds = (bytes: Buffer | null): boolean =>
    bytes !== null && verify(null, Buffer.from(text), key.publicKey, bytes.subarray(4));
  return signatures.length > 0 && signatures.every(holds) ? text : null;
};

/** The text of a checkpoint (c2sp.org/tlog-checkpoint): origin, size, root, a line each. */
export const headText = ({ size, root }: HeadFacts): string =>
  `${ORIGIN}\n${size}\n${Buffer.from(root).toString("base64")}\n`;

/** What a signed checkpoint of this key's log says; null when it is none or its signature does not hold. */
export const openHead = (note: string, key: NoteKey): HeadFacts | null => {
  const [origin, size, root, ...more] = openNote(note, key)?.split("\n") ?? [];
  if (origin !== key.name || !SIZE.test(size ?? "") || !ROOT.test(root ?? "") || more.length > 1) return null;
  return { size: BigInt(size as string), root: Buffer.from(root as string, "base64") };
};
