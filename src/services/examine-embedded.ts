import type { Finding } from "../dialogue/finding.ts";
import { warning } from "../dialogue/finding.ts";

/** More than a trial has. */
const MOST_PEOPLE = 20_000;

/** What the embedded database is not made for. */
export const examineEmbedded = async (parts: {
  people(): Promise<number>;
  readonly isPublic: boolean;
}): Promise<readonly Finding[]> => {
  const people = await parts.people();
  return [
    warning("embedded.power"),
    ...(parts.isPublic ? [warning("embedded.public")] : []),
    ...(people > MOST_PEOPLE ? [warning("embedded.people", { people, most: MOST_PEOPLE })] : []),
  ];
};
