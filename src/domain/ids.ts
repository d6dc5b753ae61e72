/** Rows made in sets carry database numbers, shown outside as opaque text; a brand keeps one kind from passing for another. */
type Id<Name extends string> = bigint & { readonly __id: Name };

export type UnitId = Id<"unit">;
export type PersonId = Id<"person">;
export type AccountId = Id<"account">;
export type NoticeId = Id<"notice">;
export type ObligationId = Id<"obligation">;
export type DeliveryId = Id<"delivery">;
export type InboundId = Id<"inbound">;
export type InvitationId = Id<"invitation">;
export type DraftId = Id<"draft">;
export type TaskId = Id<"task">;
export type EnrolmentId = Id<"enrolment">;

/** Stands for a person in the ledger: random, and meaningless once their data key is gone. */
export type PersonUid = string & { readonly __id: "person-uid" };
