/** What must never stand in a log, whatever sentence of whatever library it came in. */
const SECRETS: readonly RegExp[] = [
  /\bbot\d+:[\w-]{30,}/g,
  /\b\d{6,12}:[\w-]{30,}/g,
  /\bxox[a-z]-[\w-]+/g,
  /\bxapp-[\w-]+/g,
  /\bcda_[A-Za-z0-9_]+/g,
  /\bBearer\s+[\w.~+/-]+=*/gi,
  /\b(access_token|token|secret|password)=[^\s&"\\]+/gi,
  /(?<=:\/\/[^\s:@/"\\]*:)[^\s@/"\\]+(?=@)/g,
  /\/chat\/enter\/[\w-]+/g,
  /(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)/g,
  /(?<!\d)\d{17}[\dXx](?![\dA-Za-z])/g,
  /[\w.+-]+@[\w-]+\.[\w.-]+/g,
];

/** The same text without secrets, phone numbers, identity numbers and addresses. */
export const mask = (text: string): string =>
  SECRETS.reduce((masked, secret) => masked.replace(secret, "[masked]"), text);
