import type { Audience } from "../../src/domain/audience.ts";
import type { Roster, RosterPost, RosterUnit } from "./rosters.ts";

/** Whether a unit lies within another, found by climbing from parent to parent. */
const liesWithin = ({ units }: Roster, unit: RosterUnit, code: string): boolean => {
  for (let at: RosterUnit | undefined = unit; at; at = at.parent === null ? undefined : units[at.parent])
    if (at.code === code) return true;
  return false;
};

/** What an audience says about one unit and one office in it, read word by word. */
export const isMeant = (roster: Roster, audience: Audience, unit: RosterUnit, post: RosterPost | null): boolean => {
  switch (audience.kind) {
    case "all":
      return true;
    case "watch":
      return unit.watch;
    case "within":
      return liesWithin(roster, unit, audience.code);
    case "unit":
      return unit.code === audience.code;
    case "kind":
      return unit.kind === audience.value;
    case "industry":
      return unit.industries.includes(audience.value);
    case "site":
      return unit.siteTypes.includes(audience.value);
    case "grade":
      return unit.grade === audience.value;
    case "post":
      return post?.post === audience.value;
    case "not":
      return !isMeant(roster, audience.of, unit, post);
    case "and":
      return audience.of.every((part) => isMeant(roster, part, unit, post));
    case "or":
      return audience.of.some((part) => isMeant(roster, part, unit, post));
  }
};
