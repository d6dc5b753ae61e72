import { postText } from "../domain/post.ts";
import type { EnrolmentEntries } from "../ports/store/draft-store.ts";
import { excusedEntry, handedOverEntry } from "./duty-entries.ts";

const byRule = { actor: "service", how: "rule" } as const;

/** What the ledger is told of people who come in by a code. */
export const enrolmentEntries: EnrolmentEntries = {
  enrolled: (at, { uid, invitation, unit, office, platform, as, privacy }) => ({
    ...{ at, kind: "enrolled", actor: uid, contentHash: null, how: "tap" },
    subject: {
      ...{ invitation: String(invitation), unit, post: postText(office), platform, as },
      privacy: privacy === null ? "" : String(privacy),
    },
  }),
  decided: (at, { word, by, enrolment, unit, office, person }) => ({
    ...{ at, actor: by ?? "operator", contentHash: null, how: by === null ? "command" : "tap" },
    kind: word === "approve" ? "enrolment-approved" : "enrolment-refused",
    subject: { enrolment: String(enrolment), unit, post: postText(office), person },
  }),
  excused: (at, one) => excusedEntry({ at, ...byRule }, one),
  handedOver: (at, one) => handedOverEntry({ at, ...byRule }, one),
};
