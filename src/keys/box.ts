import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const VERSION = 1;
const ID = 4;
const IV = 12;
const TAG = 16;
/** Node takes tags as short as four bytes for genuine unless the length is given. */
const OPTIONS = { authTagLength: TAG } as const;

export interface BoxKey {
  /** Four bytes that tell which key closed a cell. */
  readonly id: Buffer;
  readonly key: Buffer;
}

export const boxKey = (key: Buffer): BoxKey => ({
  key,
  id: Buffer.from(hkdfSync("sha256", key, new Uint8Array(0), "chuanda/1/key-id", ID)),
});

/** Many are drawn at once, for a draw costs as much as closing a cell does. They are no secret, and none is used twice. */
const drawIvs = (): (() => Buffer) => {
  let drawn = Buffer.alloc(0);
  return () => {
    if (drawn.length === 0) drawn = randomBytes(IV * 256);
    const iv = drawn.subarray(0, IV);
    drawn = drawn.subarray(IV);
    return iv;
  };
};
const newIv = drawIvs();

const bound = (context: string, id: Uint8Array): Buffer => Buffer.from(`${context}|${Buffer.from(id).toString("hex")}`);

/** Closes bytes as version 1, key id 4, iv 12, ciphertext, tag 16; `context` must be the same to open them. */
export const seal = ({ id, key }: BoxKey, context: string, plain: Uint8Array): Buffer<ArrayBuffer> => {
  const iv = newIv();
  const cipher = createCipheriv("aes-256-gcm", key, iv, OPTIONS).setAAD(bound(context, id));
  return Buffer.concat([Uint8Array.of(VERSION), id, iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
};

/** Throws unless one of the keys closed it in this context; the message names the context and no content. */
export const open = (keys: readonly BoxKey[], context: string, cell: Uint8Array): Buffer => {
  const bytes = Buffer.from(cell.buffer, cell.byteOffset, cell.length);
  const id = bytes.subarray(1, 1 + ID);
  const iv = bytes.subarray(1 + ID, 1 + ID + IV);
  if (bytes.length >= 1 + ID + IV + TAG && bytes[0] === VERSION) {
    for (const { key } of keys.filter((candidate) => candidate.id.equals(id))) {
      const decipher = createDecipheriv("aes-256-gcm", key, iv, OPTIONS).setAAD(bound(context, id));
      decipher.setAuthTag(bytes.subarray(-TAG));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(1 + ID + IV, -TAG)), decipher.final()]);
      } catch {
        // Another key may share the four bytes of its id.
      }
    }
  }
  throw new Error(`This cell was not closed as ${context} under a key we have.`);
};

/** Whether a cell names this key as the one that closed it. */
export const closedWith = ({ id }: BoxKey, cell: Uint8Array): boolean => id.equals(cell.subarray(1, 1 + ID));
