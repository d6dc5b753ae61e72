/**
 * Writes one event: a past-tense name (`delivery-sent`) and fields without personal data: ids, counts, states, and
 * errors under `err`. Never message text, names, addresses or tokens.
 */
export type Log = {
  (event: string, fields?: Readonly<Record<string, unknown>>): void;
  /** The same for what an operator should look at. */
  warn(event: string, fields?: Readonly<Record<string, unknown>>): void;
  error(event: string, fields?: Readonly<Record<string, unknown>>): void;
};
