import type { Action } from "../dialogue/action.ts";
import type { Incoming } from "../ports/chat-platform.ts";

const KINDS = {
  press: true,
  "stale-press": true,
  command: true,
  text: true,
  media: true,
  language: true,
  form: true,
  receipt: true,
  reach: true,
} as const satisfies Record<Incoming["what"]["kind"], true>;
const DEEDS = {
  acknowledge: true,
  "take-back": true,
  proxy: true,
  todo: true,
  help: true,
  "proxy-list": true,
  read: true,
  answer: true,
  approve: true,
  refuse: true,
  open: true,
  "acknowledge-all": true,
  "task-done": true,
} as const satisfies Record<Action["do"], true>;

/** Whether this release knows what it is. While two run side by side, the rest is left to the newer one. */
export const isKnown = ({ what }: Incoming): boolean =>
  Object.hasOwn(KINDS, what.kind) && (what.kind !== "press" || Object.hasOwn(DEEDS, what.action.do));
