/** What must never stand in a log, whatever sentence of whatever library it came in. */
const PATTERNS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /bot\d+:[\w-]{30,}/g,
  /\b\d{6,12}:[\w-]{30,}/g,
  /xox[a-z]-[\w-]+/g,
  /xapp-[\w-]+/g,
  /cda_[A-Za-z0-9_]+/g,
  /(Bearer|Basic)\s+[\w.~+/-]+=*/gi,
  /(access_token|token|secret|password)=[^\s&"\\]+/gi,
  // A password may hold an @ of its own: it ends at the last one before the path.
  /(?<=:\/\/[^\s:@/"\\]*:)[^\s/"\\]+(?=@)/g,
  /\/chat\/enter\/[\w-]+/g,
  /(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)/g,
  /(?<!\d)\d{17}[\dXx](?![\dA-Za-z])/g,
  /[\w.+-]+@[\w-]+\.[\w.-]+/g,
];

const MASKED = "[masked]";
/** A shorter one is an ordinary word, and no secret. */
const SHORTEST = 8;

/** As it stands in an address; half a character stands in none. */
const encoded = (secret: string): string => {
  try {
    return encodeURIComponent(secret);
  } catch {
    return secret;
  }
};

/** The same text without the given secrets, and without anything that looks like a secret, a phone number or an address. */
export const mask = (text: string, secrets: readonly string[] = []): string => {
  const long = secrets.filter(({ length }) => length >= SHORTEST);
  const known = long.flatMap((secret) => [secret, encoded(secret)]);
  const without = known.reduce((left, secret) => left.replaceAll(secret, MASKED), text);
  return PATTERNS.reduce((left, pattern) => left.replace(pattern, MASKED), without);
};

const maskValue =
  (secrets: readonly string[]) =>
  (_key: string, value: unknown): unknown => {
    if (typeof value === "string") return mask(value, secrets);
    if (typeof value !== "number") return value;
    return mask(String(value), secrets) === String(value) ? value : MASKED;
  };

/** A line of JSON, masked value by value: so what is left is JSON still, and nothing hides behind an escape. */
export const maskLine = (line: string, secrets: readonly string[]): string =>
  `${JSON.stringify(JSON.parse(line, maskValue(secrets)))}\n`;
