import type { DeliveryId, DraftId, EnrolmentId, ObligationId, TaskId } from "../domain/ids.ts";

/** Everything a button can mean. `round` and `generation` make a button of an earlier state of its card harmless. */
export type Action =
  | { readonly do: "acknowledge" | "take-back"; readonly delivery: DeliveryId; readonly round: number }
  /** Opens a page of the whole text in the card; page 0 folds it. */
  | { readonly do: "read"; readonly delivery: DeliveryId; readonly page: number }
  /** Sends the card of a notice that was only told of so far. */
  | { readonly do: "open"; readonly delivery: DeliveryId }
  /** Answers everything of one kind that a digest lists. */
  | { readonly do: "acknowledge-all"; readonly delivery: DeliveryId; readonly ack: BatchAck }
  /** Whoever was to call, or to go there, has done so. */
  | { readonly do: "task-done"; readonly task: TaskId }
  | { readonly do: "proxy"; readonly obligation: ObligationId; readonly generation: number }
  | { readonly do: "todo" | "help" }
  | { readonly do: "proxy-list"; readonly from: number }
  /** A button of a form; `mark` says which (`form/mark.ts`). */
  | { readonly do: "answer"; readonly draft: DraftId; readonly mark: number }
  /** Whether somebody may enrol. */
  | { readonly do: "approve" | "refuse"; readonly enrolment: EnrolmentId };

export const BATCH_ACKS = ["read", "undertake"] as const;

export type BatchAck = (typeof BATCH_ACKS)[number];

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
  open: 14,
  "acknowledge-all": 15,
  "task-done": 16,
} as const;

/** The length of an action in bytes: version, action, 64-bit number, 16-bit number. */
export const ACTION_BYTES = 12;

const numbers = (action: Action): readonly [bigint, number] => {
  if (action.do === "read") return [action.delivery, action.page];
  if (action.do === "open") return [action.delivery, 0];
  if (action.do === "acknowledge-all") return [action.delivery, BATCH_ACKS.indexOf(action.ack)];
  if ("task" in action) return [action.task, 0];
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

type Read = (id: bigint, turn: number) => Action | null;

/** What each code means. */
const READ: ReadonlyMap<number, Read> = new Map<number, Read>([
  [CODES.acknowledge, (id, round) => ({ do: "acknowledge", delivery: id as DeliveryId, round })],
  [CODES["take-back"], (id, round) => ({ do: "take-back", delivery: id as DeliveryId, round })],
  [CODES.proxy, (id, generation) => ({ do: "proxy", obligation: id as ObligationId, generation })],
  [CODES.todo, () => ({ do: "todo" })],
  [CODES.help, () => ({ do: "help" })],
  [CODES["proxy-list"], (id) => ({ do: "proxy-list", from: Number(id) })],
  [CODES.read, (id, page) => ({ do: "read", delivery: id as DeliveryId, page })],
  [CODES.answer, (id, mark) => ({ do: "answer", draft: id as DraftId, mark })],
  [CODES.approve, (id) => ({ do: "approve", enrolment: id as EnrolmentId })],
  [CODES.refuse, (id) => ({ do: "refuse", enrolment: id as EnrolmentId })],
  [CODES.open, (id) => ({ do: "open", delivery: id as DeliveryId })],
  [
    CODES["acknowledge-all"],
    (id, turn) => {
      const ack = BATCH_ACKS[turn];
      return ack ? { do: "acknowledge-all", delivery: id as DeliveryId, ack } : null;
    },
  ],
  [CODES["task-done"], (id) => ({ do: "task-done", task: id as TaskId })],
]);

/** Null for anything that this version does not know: a card from before or after this release. */
export const decodeAction = (bytes: Uint8Array): Action | null => {
  if (bytes.length !== ACTION_BYTES || bytes[0] !== VERSION) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return READ.get(view.getUint8(1))?.(view.getBigUint64(2), view.getUint16(10)) ?? null;
};
