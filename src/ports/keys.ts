import type { Action } from "../dialogue/action.ts";
import type { Address } from "../domain/address.ts";

/** Every column that is closed under a person's own data key. */
export type CellPlace =
  | "person.name_cell"
  | "person.phone_cell"
  | "account.address_cell"
  | "answer.words_cell"
  | "draft.body"
  | "guest.kept"
  | "chat_message.body";

/** One person's data key, unwrapped: seals and opens the cells of that person's rows. */
export interface PersonCells {
  /** `place` is bound to the cell together with the person, so that a cell pasted elsewhere does not open. */
  seal(place: CellPlace, words: string): Uint8Array<ArrayBuffer>;
  /** Throws when the cell was not sealed for this person and place. */
  open(place: CellPlace, cell: Uint8Array): string;
}

/** What can be found without opening a cell. */
export type Indexed = "name" | "phone" | "address";

/** Keeps people's data closed. Everything derives from SECRET_KEY; `new,old` while it rotates. */
export interface Keys {
  /** A fresh data key for a person, and its wrapped form to store. */
  newPerson(uid: string): { readonly cells: PersonCells; readonly wrapped: Uint8Array<ArrayBuffer> };
  /** Throws when none of the keys opens it. */
  person(uid: string, wrapped: Uint8Array): PersonCells;
  /** The wrapped key under the current root key; null when it already is. Throws when none of the keys opens it. */
  rewrap(uid: string, wrapped: Uint8Array): Uint8Array<ArrayBuffer> | null;
  /**
   * The keyed index of exactly what the cell beside it holds, under the current root key: a name, a phone in E.164, or
   * the `chat` of an address (its row carries the platform). NFKC is applied here.
   */
  index(what: Indexed, value: string): Uint8Array<ArrayBuffer>;
  /** The same under every root key, for finding while a key rotates; the current one first. */
  indexes(what: Indexed, value: string): readonly Uint8Array<ArrayBuffer>[];
  /** Seals what belongs to no one person yet, such as an event of an unknown sender. */
  sealFor(purpose: string, words: string): Uint8Array<ArrayBuffer>;
  /** Throws when it was not sealed for this purpose under one of the keys. */
  openFor(purpose: string, cell: Uint8Array): string;
  /** A button's data: 32 base64url characters that only this address can press. */
  buttonCode(action: Action, address: Address): string;
  /** Null for a code of another address, of another release, or forged. */
  readButton(code: string, address: Address): Action | null;
  /** A one-time token (256 bits, base64url) and the hash to store. */
  newToken(): { readonly token: string; readonly hash: Uint8Array<ArrayBuffer> };
  tokenHash(token: string): Uint8Array<ArrayBuffer>;
  /** A value to store once, the same every time under the current root key; a start with a wrong key then fails on it. */
  probe(): string;
  /** Whether one of the keys made this probe. */
  knowsProbe(probe: string): boolean;
}
