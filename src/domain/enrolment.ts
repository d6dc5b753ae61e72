import type { PostName } from "./post.ts";

/** What is known when somebody has brought a good code, before they are asked anything. */
export interface EnrolmentFacts {
  /** By id, as text. */
  readonly invitation: string;
  /** The name of the unit, and of the root of the tree: whose service this is. */
  readonly unit: string;
  readonly issuer: string;
  readonly post: PostName;
  readonly deputy: boolean;
  /** The one person on record whom the code can be meant for; null where there is none, or more than one. */
  readonly candidate: { readonly id: string; readonly name: string } | null;
  /** Whoever brings it is enrolled already, and takes on another office. */
  readonly known: boolean;
}

/**
 * The version of what people are told about what is kept of them (`enrol.privacy` in the locales). It goes up with every
 * change of the words; a test holds the words to it.
 */
export const PRIVACY_VERSION = 1;

const DAY_MS = 86_400_000;
/** Real time: how long a form waits for its next answer, somebody unknown is remembered, and one who waits for a word. */
export const DRAFT_MS = DAY_MS;
export const GUEST_MS = 2 * DAY_MS;
export const WAITING_MS = 30 * DAY_MS;

/** What strangers may do in an hour: each address, and all of them. */
export const STRANGER_LIMITS = {
  code: { own: 5, all: 100 },
  hello: { own: 10, all: 1_000 },
} as const;

export type StrangerTry = keyof typeof STRANGER_LIMITS;

/** What to say to a stranger's next try: an answer, that it is enough for now (once), or nothing. */
export const strangerAnswer = (
  kind: StrangerTry,
  before: { readonly own: number; readonly all: number },
): "answer" | "enough" | "silence" => {
  const most = STRANGER_LIMITS[kind];
  if (before.own < most.own && before.all < most.all) return "answer";
  return before.own > most.own || before.all >= 2 * most.all ? "silence" : "enough";
};

/** Whose word an enrolment needs before it takes effect; null where it needs none. */
export const wordNeeded = (about: {
  readonly privileged: boolean;
  /** Whoever they say they are is enrolled already. */
  readonly enrolled: boolean;
}): "above" | "self" | null => {
  if (about.privileged) return "above";
  return about.enrolled ? "self" : null;
};
