import type { Pool, PoolClient } from "pg";

type Query = string | { readonly text: string };

const NOTHING = { rows: [], fields: [], rowCount: 0 };

/** What a transaction's own words mean when it is a step of another; null where there is nothing to say. */
const WORDS: readonly (readonly [RegExp, ((step: string) => string) | null])[] = [
  [/^BEGIN\b/i, (step) => `SAVEPOINT ${step}`],
  [/^SET TRANSACTION /i, null],
  [/^COMMIT\b/i, (step) => `RELEASE SAVEPOINT ${step}`],
  [/^ROLLBACK$/i, (step) => `ROLLBACK TO SAVEPOINT ${step}`],
];

/**
 * A pool whose every question is asked within the transaction that a session is in. What would be a transaction of its
 * own is a step of that one (a savepoint), at the isolation that it has.
 */
export const stepsWithin = (pool: Pool, session: PoolClient): Pool => {
  let steps = 0;
  const query = session.query.bind(session) as (query: Query, ...more: unknown[]) => Promise<unknown>;
  const connect = async () => {
    const step = `step_${++steps}`;
    const translated = (asked: Query, ...more: unknown[]): Promise<unknown> => {
      const text = typeof asked === "string" ? asked : asked.text;
      const [, word] = WORDS.find(([pattern]) => pattern.test(text)) ?? [];
      if (word === undefined) return query(asked, ...more);
      return word === null ? Promise.resolve(NOTHING) : query(word(step));
    };
    return { query: translated, on() {}, off() {}, removeListener() {}, release() {} };
  };
  return Object.assign(Object.create(pool), { query, connect }) as Pool;
};
