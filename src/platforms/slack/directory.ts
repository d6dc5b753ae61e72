import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../../ports/clock.ts";
import type { Directory } from "../../ports/directory.ts";
import type { Http, HttpAnswer } from "../../ports/http.ts";
import { type Api, type ApiAnswer, openApi } from "./api.ts";

interface DirectoryParts {
  readonly token: string;
  readonly http: () => Http;
  readonly apiUrl: URL;
  readonly clock: Pick<Clock, "real">;
}

interface User {
  readonly id: string;
  readonly deleted?: boolean;
  readonly is_bot?: boolean;
  readonly profile?: { readonly email?: string };
}

/** users.lookupByEmail may be asked fifty times a minute; a page of users.list holds so many people, twenty times a minute. */
const ONE_BY_ONE = 20;
const PAGE = 200;
const ASK_MS = 10_000;
const PATIENCE_MS = 120_000;

/** The answer to a call, once Slack has let it through; rejects where it does not answer. */
const patiently = async (api: Api, clock: Pick<Clock, "real">, method: string, body: object): Promise<ApiAnswer> => {
  const until = clock.real().getTime() + PATIENCE_MS;
  for (;;) {
    const answer = await api.call(method, body, new Date(clock.real().getTime() + ASK_MS));
    if (answer.kind !== "answered") throw new Error(`${method}: ${answer.why}`);
    const wait = answer.status === 429 ? (answer.retryAfter ?? 1) * 1_000 : 0;
    if (wait === 0) return (answer.body ?? {}) as HttpAnswer["body"] & ApiAnswer;
    if (clock.real().getTime() + wait > until) throw new Error(`${method}: ratelimited`);
    await sleep(wait);
  }
};

const refused = (method: string, { error }: ApiAnswer): Error =>
  new Error(`${method}: ${String(error ?? "unreadable")}`);

const oneByOne = async (ask: (method: string, body: object) => Promise<ApiAnswer>, emails: readonly string[]) => {
  const found = new Map<string, string>();
  for (const email of emails) {
    const answer = await ask("users.lookupByEmail", { email });
    if (answer.ok === true) found.set(email, (answer.user as User).id);
    else if (answer.error !== "users_not_found") throw refused("users.lookupByEmail", answer);
  }
  return found;
};

const emailOf = ({ deleted, is_bot: bot, profile }: User): string | null =>
  deleted || bot ? null : (profile?.email?.toLowerCase() ?? null);

const nextOf = ({ response_metadata: more }: ApiAnswer): string =>
  (more as { readonly next_cursor?: string } | undefined)?.next_cursor ?? "";

/** Everybody in the workspace, by address. */
const everybody = async (ask: (method: string, body: object) => Promise<ApiAnswer>) => {
  const found = new Map<string, string>();
  let cursor: string | null = null;
  while (cursor !== "") {
    const answer: ApiAnswer = await ask("users.list", { limit: PAGE, ...(cursor === null ? {} : { cursor }) });
    if (answer.ok !== true) throw refused("users.list", answer);
    for (const user of answer.members as readonly User[]) {
      const email = emailOf(user);
      if (email !== null) found.set(email, user.id);
    }
    cursor = nextOf(answer);
  }
  return found;
};

/** The people of a workspace by their e-mail addresses: a few are asked for one by one, for many everybody is listed. */
export const slackDirectory = ({ http: connect, ...parts }: DirectoryParts): Directory => ({
  byEmail: async (emails) => {
    const http = connect();
    try {
      const api = openApi({ ...parts, http });
      const ask = (method: string, body: object) => patiently(api, parts.clock, method, body);
      return emails.length <= ONE_BY_ONE ? await oneByOne(ask, emails) : await everybody(ask);
    } finally {
      await http.close();
    }
  },
});
