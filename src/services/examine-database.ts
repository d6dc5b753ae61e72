import type { Finding } from "../dialogue/finding.ts";
import { fine, warning, wrong } from "../dialogue/finding.ts";
import { faultLine } from "../domain/fault-line.ts";
import { holeOf, unsupportedSince } from "../domain/known-holes.ts";
import type { DatabaseFacts } from "../ports/server-facts.ts";

interface DatabaseParts {
  readonly embedded: boolean;
  facts(): Promise<DatabaseFacts>;
  /** Names of migrations that are still to apply; null where there are no tables yet. */
  pending(): Promise<readonly string[] | null>;
  readonly real: Date;
}

/** A process opens up to so many connections. */
const CONNECTIONS = 15;

const tables = async (pending: DatabaseParts["pending"]): Promise<readonly Finding[]> => {
  try {
    const names = await pending();
    if (names === null) return [warning("database.empty")];
    return names.length > 0 ? [warning("database.pending", { count: names.length })] : [];
  } catch (error) {
    return [wrong("database.foreign", { why: faultLine(error) })];
  }
};

const server = ({ version, unsafe, connections, readOnly }: DatabaseFacts, real: Date): readonly Finding[] => {
  const hole = holeOf("PostgreSQL", version);
  const since = unsupportedSince("PostgreSQL", version, real);
  const { used, most } = connections;
  return [
    ...(readOnly ? [wrong("database.read-only")] : []),
    ...(hole ? [warning("database.hole", { version, hole: hole.name, mended: hole.mendedIn })] : []),
    ...(since ? [warning("database.unsupported", { version, since })] : []),
    ...unsafe.map((setting) => warning("database.unsafe", { setting })),
    ...(most - used < CONNECTIONS ? [warning("database.crowded", { used, most, need: CONNECTIONS })] : []),
  ];
};

/** Whether the database answers, can be written to, has this build's tables, and is one to lean on. */
export const examineDatabase = async (parts: DatabaseParts): Promise<readonly Finding[]> => {
  const facts = await parts.facts();
  const about = parts.embedded ? fine("database.embedded") : fine("database.ok", { version: facts.version });
  return [about, ...(parts.embedded ? [] : server(facts, parts.real)), ...(await tables(parts.pending))];
};
