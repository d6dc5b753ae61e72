import type { DeliveryId, DraftId, EnrolmentId, ObligationId } from "../domain/ids.ts";

/** Everything a button can mean. `round` and `generation` make a button of an earlier state of its card harmless. */
export type Action =
  | { readonly do: "acknowledge" | "take-back"; readonly delivery: DeliveryId; readonly round: number }
  /** Opens a page of the whole text in the card; page 0 folds it. */
  | { readonly do: "read"; readonly delivery: DeliveryId; readonly page: number }
  | { readonly do: "proxy"; readonly obligation: ObligationId; readonly generation: number }
  | { readonly do: "todo" | "help" }
  | { readonly do: "proxy-list"; readonly from: number }
  /** A button of a form; `mark` says which (`form/mark.ts`). */
  | { readonly do: "answer"; readonly draft: DraftId; readonly mark: number }
  /** Whether somebody may enrol. */
  | { readonly do: "approve" | "refuse"; readonly enrolment: EnrolmentId };

const VERSION = 1;
const CODES = {
  acknowledge: 1,
  "take-back": 2,
  proxy: 3,
  todo: 4,
  help: 5,
  "proxy-list": 6,
  read: 7,
  answer: 11,
  approve: 12,
  refuse: 13,
} as const;

/** The length of an action in bytes: version, action, 64-bit number, 16-bit number. */
export const ACTION_BYTES = 12;

const numbers = (action: Action): readonly [bigint, number] => {
  if (action.do === "read") return [action.delivery, action.page];
  if ("delivery" in action) return [action.delivery, action.round];
  if ("obligation" in action) return [action.obligation, action.generation];
  if ("draft" in action) return [action.draft, action.mark];
  if ("enrolment" in action) return [action.enrolment, 0];
  return "from" in action ? [BigInt(action.from), 0] : [0n, 0];
};

export const encodeAction = (action: Action): Uint8Array => {
  const [id, turn] = numbers(action);
  const bytes = new Uint8Array(ACTION_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, VERSION);
  view.setUint8(1, CODES[action.do]);
  view.setBigUint64(2, id);
  view.setUint16(10, turn);
  return bytes;
};

/** Null for anything that this version does not know: a card from before or after this release. */
export const decodeAction = (bytes: Uint8Array): Action | null => {
  if (bytes.length !== ACTION_BYTES || bytes[0] !== VERSION) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const id = view.getBigUint64(2);
  const turn = view.getUint16(10);
  switch (view.getUint8(1)) {
    case CODES.acknowledge:
      return { do: "acknowledge", delivery: id as DeliveryId, round: turn };
    case CODES["take-back"]:
      return { do: "take-back", delivery: id as DeliveryId, round: turn };
    case CODES.proxy:
      return { do: "proxy", obligation: id as ObligationId, generation: turn };
    case CODES.todo:
      return { do: "todo" };
    case CODES.help:
      return { do: "help" };
    case CODES["proxy-list"]:
      return { do: "proxy-list", from: Number(id) };
    case CODES.read:
      return { do: "read", delivery: id as DeliveryId, page: turn };
    case CODES.answer:
      return { do: "answer", draft: id as DraftId, mark: turn };
    case CODES.approve:
      return { do: "approve", enrolment: id as EnrolmentId };
    case CODES.refuse:
      return { do: "refuse", enrolment: id as EnrolmentId };
    default:
      return null;
  }
};
