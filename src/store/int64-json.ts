/** JSON that keeps numbers of 64 bits, which JSON itself does not know. */
export const writeJson = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? { int64: String(part) } : part));

const isInt64 = (part: unknown): part is { readonly int64: string } =>
  typeof part === "object" && part !== null && typeof (part as { int64?: unknown }).int64 === "string";

export const readJson = (json: string): unknown =>
  JSON.parse(json, (_, part: unknown) => (isInt64(part) ? BigInt(part.int64) : part));
