import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import busboy from "busboy";
import { WebSocketServer } from "ws";
import { bodyOf, type Served, serve } from "../scripted/serve.ts";
import { type Inbound, inbound } from "./inbound.ts";
import { PUBLISHED, type RateLimits, rates } from "./limits.ts";
import { type Answer, argumentFaults, type Desk, fresh, METHODS, refused, tooMany, type Values } from "./methods.ts";
import { type People, people } from "./people.ts";
import { state } from "./state.ts";

export type Trouble =
  | { readonly kind: "limited"; readonly seconds: number }
  /** Does what is asked, and breaks the connection instead of saying so. */
  | { readonly kind: "reset-after" }
  | { readonly kind: "reset-before" }
  | { readonly kind: "slow"; readonly ms: number }
  /** A proxy's page instead of Slack's answer. */
  | { readonly kind: "page"; readonly status: number }
  | { readonly kind: "refused"; readonly error: string };

export interface Plan {
  readonly method?: string;
  /** A user's id, or that of a conversation. */
  readonly channel?: string;
  readonly times: number;
  readonly trouble: Trouble;
}

export interface Call {
  readonly method: string;
  readonly values: Values;
  readonly at: number;
  readonly status: number;
}

export interface SlackServer extends Served, People {
  readonly token: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly team: string;
  /** The root of its Web API. */
  readonly apiUrl: string;
  /** Every call, in the order of arrival. */
  readonly calls: readonly Call[];
  /** What no well-behaved app would send. */
  readonly violations: readonly string[];
  worstSecond(): number;
  plan(plan: Plan): void;
  readonly inbound: Inbound;
  readonly files: Desk["files"];
}

export interface ServerOptions {
  readonly limits?: Partial<RateLimits>;
  /** Shortens the waits before an event is told again. */
  readonly pace?: number;
}

const untext = (value: string): unknown => {
  if (!/^[[{]|^(true|false)$/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
};

const fields = (text: string | URLSearchParams): Values =>
  Object.fromEntries([...new URLSearchParams(text)].map(([name, value]) => [name, untext(value)]));

/** Arguments come in the address, as a form or, where a method takes it, as JSON. Null for what does not read. */
const valuesOf = async (request: IncomingMessage, query: URLSearchParams, noJson: boolean): Promise<Values | null> => {
  const text = (await bodyOf(request)).toString();
  const isJson = (request.headers["content-type"] ?? "").startsWith("application/json");
  if (text === "" || (isJson && noJson)) return fields(query);
  if (!isJson) return { ...fields(query), ...fields(text) };
  try {
    return { ...fields(query), ...JSON.parse(text) };
  } catch {
    return null;
  }
};

/** A file comes as it is, or as the part of a form. */
const uploaded = (request: IncomingMessage): Promise<Buffer> => {
  if (!(request.headers["content-type"] ?? "").startsWith("multipart/form-data")) return bodyOf(request);
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const form = busboy({ headers: request.headers });
    form.on("file", (_, stream) => void stream.on("data", (part: Buffer) => parts.push(part)));
    form.on("close", () => resolve(Buffer.concat(parts))).on("error", reject);
    request.pipe(form);
  });
};

const reply = (response: ServerResponse, { status, body, headers = {} }: Answer): void => {
  const type = typeof body === "string" ? "text/html" : "application/json";
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, { "content-type": type, ...headers }).end(text);
};

interface Planned {
  readonly plan: Plan;
  left: number;
}

const troubleFor = (plans: readonly Planned[], method: string, { channel }: Values): Trouble | null => {
  const hit = plans.find(
    ({ plan, left }) => left > 0 && (plan.method ?? method) === method && (plan.channel ?? channel) === channel,
  );
  if (!hit) return null;
  hit.left -= 1;
  return hit.plan.trouble;
};

/** Breaks the connection, or says what is to be said. */
const finish = (
  answer: Answer | "reset",
  trouble: Trouble | null,
  request: IncomingMessage,
  response: ServerResponse,
) => {
  if (answer === "reset" || trouble?.kind === "reset-after") request.socket.resetAndDestroy();
  else reply(response, answer);
};

/** What a trouble answers before anything is carried out; null for one that comes later, or none. */
const early = (trouble: Trouble | null): Answer | "reset" | null => {
  if (trouble?.kind === "reset-before") return "reset";
  if (trouble?.kind === "limited") return tooMany(trouble.seconds);
  if (trouble?.kind === "refused") return refused(trouble.error);
  if (trouble?.kind === "page") return { status: trouble.status, body: "<html>Bad Gateway</html>" };
  return null;
};

const openSockets = async (how: Inbound) => {
  const http = createServer();
  const server = new WebSocketServer({ server: http });
  server.on("connection", (socket) => how.connect(socket));
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const { port } = http.address() as { port: number };
  return {
    url: `ws://127.0.0.1:${port}/link`,
    close: async () => {
      server.close();
      http.closeAllConnections();
      http.close();
      await once(http, "close");
    },
  };
};

/** A Slack that refuses whatever the real one would refuse, and fails on demand. */
export const slackServer = async ({ limits: given = {}, pace = 1 }: ServerOptions = {}): Promise<SlackServer> => {
  const limits = rates({ ...PUBLISHED, ...given });
  const [token, appToken, signingSecret] = [
    "xoxb-strict-0123456789",
    "xapp-1-strict-0123456789",
    "0123456789abcdef".repeat(2),
  ];
  const incoming = inbound(signingSecret, pace);
  const sockets = await openSockets(incoming);
  const calls: Call[] = [];
  const plans: Planned[] = [];
  const desk: Desk = {
    ...{ state: state(), team: fresh("T"), bot: { user: fresh("U"), id: fresh("B") }, triggers: new Map() },
    ...{ files: new Map(), violations: [], url: () => served.url, socketUrl: () => sockets.url },
  };

  const carryOut = (name: string, values: Values): Answer => {
    const method = METHODS[name];
    if (!method) return refused("unknown_method");
    const faults = argumentFaults(method, values);
    if (faults.length > 0) {
      desk.violations.push(...faults.map((fault) => `${name}: ${fault}`));
      return refused("invalid_arguments");
    }
    const channel = String(desk.state.users.get(String(values.channel))?.channel ?? values.channel);
    const wait = limits.tooEarly(name, channel, Date.now());
    return wait > 0 ? tooMany(wait) : method.run(desk, values);
  };

  const admitted = (
    name: string,
    { authorization }: IncomingMessage["headers"],
    values: Values | null,
  ): Answer | null => {
    const bearer = authorization ?? `Bearer ${values?.token ?? ""}`;
    if (bearer === "Bearer ") return refused("not_authed");
    if (bearer !== `Bearer ${name === "apps.connections.open" ? appToken : token}`) return refused("invalid_auth");
    return values ? null : refused("invalid_json");
  };

  const call = async (name: string, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    const given = await valuesOf(request, url.searchParams, METHODS[name]?.noJson ?? false);
    const denied = admitted(name, request.headers, given);
    if (denied) return reply(response, denied);
    const values = given ?? {};
    const trouble = troubleFor(plans, name, values);
    const answer = early(trouble) ?? carryOut(name, values);
    calls.push({ method: name, values, at: Date.now(), status: answer === "reset" ? 0 : answer.status });
    if (trouble?.kind === "slow") await sleep(trouble.ms);
    finish(answer, trouble, request, response);
  };

  /** Files go to an address of their own, and come from one that wants the token. */
  const file = async (
    request: IncomingMessage,
    response: ServerResponse,
    [, room = "", id = ""]: readonly string[],
  ) => {
    const known = desk.files.get(id);
    if (!known) return void response.writeHead(404).end();
    if (room === "upload") {
      known.bytes = await uploaded(request);
      return void response.writeHead(200).end("OK");
    }
    const allowed = request.headers.authorization === `Bearer ${token}`;
    return void response
      .writeHead(allowed ? 200 : 302, allowed ? {} : { location: "/signin" })
      .end(allowed ? known.bytes : "");
  };

  const served = await serve(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const path = url.pathname.split("/");
    return path[1] === "api" ? call(path[2] ?? "", request, response, url) : file(request, response, path);
  });
  return {
    ...served,
    ...people(desk, incoming),
    ...{ token, appToken, signingSecret, team: desk.team, calls, violations: desk.violations, inbound: incoming },
    apiUrl: `${served.url}/api/`,
    files: desk.files,
    worstSecond: limits.worstSecond,
    plan: (plan) => void plans.push({ plan, left: plan.times }),
    close: async () => {
      incoming.close();
      await sockets.close();
      await served.close();
    },
  };
};
