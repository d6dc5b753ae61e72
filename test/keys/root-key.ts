/** A root key of 32 equal bytes, as SECRET_KEY has it. */
export const rootKey = (byte: number): string => Buffer.alloc(32, byte).toString("base64");
