import type { Address } from "../../domain/address.ts";

/** Somebody in a workspace. */
export interface Seat {
  readonly team: string;
  readonly user: string;
}

const CHAT = /^(?:([TE][A-Z0-9]{2,30})\/)?([UW][A-Z0-9]{2,30})$/;

/**
 * Ids of people are only sure to be different within a workspace (docs.slack.dev/reference/objects/user-object), so an
 * address carries its team: "T024BE7LD/U012AB3CD". Without one it is of the workspace whose token we have, as people files
 * name people. Null for anything else.
 */
export const seatOf = (chat: string, home: string): Seat | null => {
  const [, team = home, user] = CHAT.exec(chat) ?? [];
  return user === undefined ? null : { team, user };
};

export const addressOf = ({ team, user }: Seat, home: string): Address => ({
  platform: "slack",
  chat: team === home ? user : `${team}/${user}`,
});

/** A message stands in a conversation under its time: "D024BE91L/1503435956.000247". */
export interface Place {
  readonly channel: string;
  readonly ts: string;
}

const REF = /^([CDG][A-Z0-9]{2,30})\/(\d{1,12}\.\d{1,9})$/;

export const placeOf = (ref: string): Place | null => {
  const [, channel, ts] = REF.exec(ref) ?? [];
  return channel === undefined || ts === undefined ? null : { channel, ts };
};

export const refOf = ({ channel, ts }: Place): string => `${channel}/${ts}`;
