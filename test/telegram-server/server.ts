import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import busboy from "busboy";
import type { Served } from "../scripted/serve.ts";
import { bodyOf, serve } from "../scripted/serve.ts";
import type { Checker } from "./check.ts";
import { checker } from "./check.ts";
import type { FloodLimits } from "./flood.ts";
import { flood, PUBLISHED } from "./flood.ts";
import type { Desk, Values } from "./methods.ts";
import { METHODS } from "./methods.ts";
import type { People } from "./people.ts";
import { people } from "./people.ts";
import type { Answer } from "./refusals.ts";
import { badRequest, refused, tooMany } from "./refusals.ts";
import { spec } from "./spec.ts";
import { state } from "./state.ts";
import { updates } from "./updates.ts";

export type Trouble =
  | { readonly kind: "limited"; readonly seconds: number }
  /** Does what is asked, and breaks the connection instead of saying so. */
  | { readonly kind: "reset-after" }
  | { readonly kind: "reset-before" }
  | { readonly kind: "slow"; readonly ms: number }
  /** A proxy's page instead of the server's answer. */
  | { readonly kind: "page"; readonly status: number }
  | { readonly kind: "refused"; readonly status: number; readonly description: string };

export interface Plan {
  readonly method?: string;
  readonly chat?: number;
  readonly times: number;
  readonly trouble: Trouble;
}

export interface Call {
  readonly method: string;
  readonly values: Values;
  readonly at: number;
  readonly status: number;
}

export interface TelegramServer extends Served, People {
  readonly token: string;
  /** Every call, in the order of arrival. */
  readonly calls: readonly Call[];
  /** What no well-behaved bot would send: each fault against the description of the API. */
  readonly violations: readonly string[];
  /** The most messages that any sliding second let through. */
  worstSecond(): number;
  plan(plan: Plan): void;
  /** No plan holds any more. */
  unplan(): void;
  /** How many requests have met with trouble. */
  spoilt(): number;
  readonly updates: Desk["updates"];
  /** What was uploaded, by the id that `getFile` knows it by. */
  readonly files: Desk["files"];
  readonly commands: ReadonlyMap<string, unknown>;
}

export interface ServerOptions {
  readonly flood?: Partial<FloodLimits>;
  /** Shortens the waits before a webhook is called again; null never calls it. */
  readonly pace?: number | null;
}

const multipart = (request: IncomingMessage): Promise<Values> =>
  new Promise((resolve, reject) => {
    const values: Record<string, unknown> = {};
    const form = busboy({ headers: request.headers });
    form.on("field", (name, value) => {
      values[name] = value;
    });
    form.on("file", (name, stream, { filename }) => {
      let bytes = 0;
      stream.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      stream.on("end", () => {
        values[name] = { upload: filename, bytes };
      });
    });
    form.on("close", () => resolve(values)).on("error", reject);
    request.pipe(form);
  });

const valuesOf = async (request: IncomingMessage, query: URLSearchParams): Promise<Values | null> => {
  const type = request.headers["content-type"] ?? "";
  if (type.startsWith("multipart/form-data")) return multipart(request);
  const text = (await bodyOf(request)).toString();
  const given = Object.fromEntries(query);
  if (text === "") return given;
  if (type.startsWith("application/x-www-form-urlencoded"))
    return { ...given, ...Object.fromEntries(new URLSearchParams(text)) };
  try {
    return { ...given, ...JSON.parse(text) };
  } catch {
    return null;
  }
};

type Say = (answer: Answer) => void;

const reply = (response: ServerResponse, { status, body, headers = {} }: Answer): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
};

interface Planned {
  readonly plan: Plan;
  left: number;
}

const troubleFor = (plans: readonly Planned[], method: string, { chat_id: chat }: Values): Trouble | null => {
  const hit = plans.find(
    ({ plan, left }) => left > 0 && (plan.method ?? method) === method && (plan.chat ?? Number(chat)) === Number(chat),
  );
  if (!hit) return null;
  hit.left -= 1;
  return hit.plan.trouble;
};

/** What a trouble does before anything is carried out; true when that is all. */
const spoilt = (trouble: Trouble | null, request: IncomingMessage, response: ServerResponse, say: Say): boolean => {
  switch (trouble?.kind) {
    case "reset-before":
      request.socket.resetAndDestroy();
      return true;
    case "limited":
      say(tooMany(trouble.seconds));
      return true;
    case "refused":
      say(refused(trouble.status, trouble.description));
      return true;
    case "page":
      response.writeHead(trouble.status, { "content-type": "text/html" }).end("<html>Bad Gateway</html>");
      return true;
    default:
      return false;
  }
};

/** Checks a call against the description, then does what it asks. */
const carryOut = async (
  { check, desk, violations }: { check: Checker; desk: Desk; violations: string[] },
  method: string,
  values: Values,
): Promise<Answer> => {
  const faults = check.faults(method, values);
  if (faults.length > 0) {
    violations.push(...faults);
    return badRequest(faults[0] ?? "");
  }
  const work = METHODS[method];
  if (!work) throw new Error(`the tests' server does not do ${method}`);
  return work(desk, values);
};

/** A Bot API server that refuses whatever the real one would refuse, and fails on demand. */
export const telegramServer = async ({ pace = 1, flood: limits = {} }: ServerOptions = {}): Promise<TelegramServer> => {
  const check = checker(spec());
  const limit = flood({ ...PUBLISHED, ...limits });
  const queue = updates(pace);
  const chats = state();
  const calls: Call[] = [];
  const violations: string[] = [];
  const plans: Planned[] = [];
  const bot = { id: 7_000_000_001, username: "chuanda_bot" };
  const token = `${bot.id}:AAE-strict-server-for-tests_0123456789`;
  const taps = new Map<string, number>();
  let troubles = 0;
  const desk: Desk = {
    ...{ state: chats, updates: queue, bot, taps, commands: new Map(), files: new Map() },
    tooEarly: (chat) => limit.seconds(chat, Date.now()),
  };

  const answer = async (
    { method, values }: Pick<Call, "method" | "values">,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    const trouble = troubleFor(plans, method, values);
    if (trouble) troubles += 1;
    const say: Say = (given) => {
      calls.push({ method, values, at: Date.now(), status: given.status });
      reply(response, given);
    };
    if (spoilt(trouble, request, response, say)) return;
    const given = await carryOut({ check, desk, violations }, method, values);
    if (trouble?.kind === "slow") await sleep(trouble.ms);
    if (trouble?.kind === "reset-after") request.socket.resetAndDestroy();
    else say(given);
  };

  /** At `/file/bot<token>/<file_path>`, as `getFile` has told it. */
  const giveFile = (path: string, response: ServerResponse): void => {
    const bytes = desk.files.get(decodeURIComponent(path.replace(`/file/bot${token}/documents/`, "")));
    const headers = { "content-type": "application/octet-stream", "content-length": bytes?.length ?? 0 };
    response.writeHead(bytes ? 200 : 404, headers).end(bytes);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const [, who, method = ""] = url.pathname.split("/");
    if (who === "file") return giveFile(url.pathname, response);
    if (who !== `bot${token}`) return reply(response, refused(401, "Unauthorized"));
    if (!check.knows(method)) return reply(response, refused(404, "Not Found: method not found"));
    const given = await valuesOf(request, url.searchParams);
    if (!given) return reply(response, badRequest("can't parse JSON object"));
    await answer({ method, values: check.untext(method, given) }, request, response);
  };

  const served = await serve(handle);
  return {
    ...served,
    ...people(desk),
    token,
    calls,
    violations,
    commands: desk.commands,
    updates: queue,
    files: desk.files,
    worstSecond: limit.worstSecond,
    plan: (plan) => void plans.push({ plan, left: plan.times }),
    unplan: () => void plans.splice(0),
    spoilt: () => troubles,
    close: async () => {
      queue.close();
      await served.close();
    },
  };
};
