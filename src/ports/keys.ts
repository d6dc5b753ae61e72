import type { Action } from "../dialogue/action.ts";
import type { Address } from "../domain/address.ts";

/** One person's data key, unwrapped: seals and opens the cells of that person's rows. */
export interface PersonCells {
  /** `place` is "table.column", bound to the cell together with the person, so that a cell pasted elsewhere does not open. */
  seal(place: string, words: string): Uint8Array;
  /** Throws when the cell was not sealed for this person and place. */
  open(place: string, cell: Uint8Array): string;
}

/** Keeps people's data closed. Everything derives from SECRET_KEY; `new,old` while it rotates. */
export interface Keys {
  /** A fresh data key for a person, and its wrapped form to store. */
  newPerson(uid: string): { readonly cells: PersonCells; readonly wrapped: Uint8Array };
  /** Throws when none of the keys opens it. */
  person(uid: string, wrapped: Uint8Array): PersonCells;
  /** The wrapped key under the current root key; null when it already is. */
  rewrap(uid: string, wrapped: Uint8Array): Uint8Array | null;
  /** The keyed index of a value (phones in E.164, names and addresses in NFKC), under the current root key. */
  index(purpose: "name" | "phone" | "address", value: string): Uint8Array;
  /** The same under every root key, for finding while a key rotates. */
  indexes(purpose: "name" | "phone" | "address", value: string): readonly Uint8Array[];
  /** Seals what belongs to no one person yet, such as an event of an unknown sender. */
  sealFor(purpose: string, words: string): Uint8Array;
  openFor(purpose: string, cell: Uint8Array): string;
  /** A button's data: 32 base64url characters that only this address can press. */
  buttonCode(action: Action, address: Address): string;
  /** Null for a code of another address, of another release, or forged. */
  readButton(code: string, address: Address): Action | null;
  /** A one-time token (256 bits, base64url) and the hash to store. */
  newToken(): { readonly token: string; readonly hash: Uint8Array };
  tokenHash(token: string): Uint8Array;
  /** A value to store once; a start with a wrong key then fails on it. */
  probe(): string;
  /** Whether one of the keys made this probe. */
  knowsProbe(probe: string): boolean;
}
