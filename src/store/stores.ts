import type { Keys } from "../ports/keys.ts";
import type { EntryBytes } from "../ports/ledger.ts";
import { amendStore } from "./amends.ts";
import { answerStore } from "./answers.ts";
import { backlogStore } from "./backlog.ts";
import { calendarStore } from "./calendars.ts";
import { chaseStore } from "./chase.ts";
import { chatStore } from "./chat-messages.ts";
import type { Db } from "./client.ts";
import { coverageStore } from "./coverage.ts";
import { deliveryStore } from "./deliveries.ts";
import { demoStore } from "./demo.ts";
import { draftStore } from "./drafts.ts";
import { enrolmentStore } from "./enrolments.ts";
import { exportStore } from "./exports.ts";
import { fallBackStore } from "./fall-backs.ts";
import { heldStore } from "./held-deliveries.ts";
import { inboundStore } from "./inbound.ts";
import { invitationStore } from "./invitations.ts";
import { keyStore } from "./key-rows.ts";
import { leaseStore } from "./leases.ts";
import { leaveStore } from "./leaves.ts";
import { ledgerStore } from "./ledger-entries.ts";
import { noticeStore } from "./notices.ts";
import { owedStore } from "./owed.ts";
import { paceStore } from "./paces.ts";
import { peopleStore } from "./people.ts";
import { processStore } from "./processes.ts";
import { rosterStore } from "./roster.ts";
import { accessStore } from "./web-access.ts";

type ViewOptions = Parameters<typeof deliveryStore>[2];

/** Everything the service remembers, over one database. */
export const openStores = (
  db: Db,
  { keys, entryBytes, ...views }: ViewOptions & { readonly keys: Keys; readonly entryBytes: EntryBytes },
) => ({
  access: accessStore(db, keys),
  amends: amendStore(db, entryBytes),
  answers: answerStore(db, keys, entryBytes),
  backlog: backlogStore(db),
  calendars: calendarStore(db, entryBytes),
  chase: chaseStore(db, entryBytes),
  chats: chatStore(db, keys),
  coverage: coverageStore(db),
  deliveries: deliveryStore(db, keys, views),
  demo: demoStore(db, keys),
  drafts: draftStore(db, keys, entryBytes),
  enrolments: enrolmentStore(db, keys, entryBytes),
  exports: exportStore(db, keys, entryBytes),
  fallBacks: fallBackStore(db),
  held: heldStore(db, entryBytes),
  inbound: inboundStore(db, keys),
  invitations: invitationStore(db, entryBytes),
  keys: keyStore(db),
  leases: leaseStore(db),
  leaves: leaveStore(db, entryBytes),
  ledger: ledgerStore(db),
  notices: noticeStore(db, entryBytes),
  owed: owedStore(db, keys, views.locale),
  paces: paceStore(db),
  people: peopleStore(db, keys),
  processes: processStore(db),
  roster: rosterStore(db, entryBytes),
});

export type Stores = ReturnType<typeof openStores>;
