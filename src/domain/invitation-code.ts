/** Crockford's base 32: no I, L, O, U, which are mistaken for others or make words. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** Sixteen letters of five bits are the 80 bits that nobody guesses. */
const LETTERS = 16;
const CODE = new RegExp(`^[${ALPHABET}]{${LETTERS}}$`);

/** The code that these ten random bytes make. */
export const invitationCode = (random: Uint8Array): string => {
  let bits = 0n;
  for (const byte of random.subarray(0, 10)) bits = (bits << 8n) | BigInt(byte);
  return Array.from(
    { length: LETTERS },
    (_, at) => ALPHABET[Number((bits >> BigInt(5 * (LETTERS - 1 - at))) & 31n)],
  ).join("");
};

/** In groups of four, as it is printed and read out. */
export const spacedCode = (code: string): string => code.match(/.{4}/g)?.join("-") ?? code;

/** A code as people type or paste it: with its link around it, in groups, in small letters, with O for 0; null for other words. */
export const readCode = (words: string): string | null => {
  const text = words.normalize("NFKC").trim();
  const [, linked] = /\/join\/([^/?#\s]+)|[?&]start=([^&#\s]+)/u.exec(text)?.filter((part) => part !== undefined) ?? [];
  const bare = (linked ?? text).replace(/[\s\-‐-―_]+/gu, "").toUpperCase();
  const meant = bare.replace(/O/g, "0").replace(/[IL]/g, "1");
  return CODE.test(meant) ? meant : null;
};
