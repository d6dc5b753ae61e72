import { createHmac, randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Chats, ShownMessage, Trouble } from "./chats.ts";
import { chats } from "./chats.ts";
import type { ScriptedServer } from "./scripted-server.ts";
import { bodyOf, serve } from "./serve.ts";

export const BOT_TOKEN = "xoxb-scripted";
export const SIGNING_SECRET = "scripted-signing-secret";

interface Body {
  readonly channel?: unknown;
  readonly ts?: unknown;
  readonly text?: unknown;
  readonly blocks?: unknown;
  readonly users?: unknown;
}

interface Block {
  readonly type?: string;
  readonly text?: { readonly text?: string };
  readonly elements?: readonly { readonly text?: { readonly text?: string }; readonly value?: string }[];
}

interface Reply {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Slack says its errors with status 200. */
const refusal = (error: string): Reply => ({ status: 200, body: { ok: false, error } });

const limited = ({ seconds, of }: Extract<Trouble, { kind: "limited" }>): Reply => ({
  status: of === "everything" ? 503 : 429,
  body: { ok: false, error: "ratelimited" },
  headers: { "retry-after": String(seconds) },
});

const buttonsOf = (blocks: readonly Block[]): ShownMessage["buttons"] =>
  blocks
    .flatMap(({ elements }) => elements ?? [])
    .map(({ text, value }) => ({ label: text?.text ?? "", data: value ?? "" }));

const malformed = (body: Body): Reply | null => {
  if (typeof body.channel !== "string") return refusal("channel_not_found");
  if (!Array.isArray(body.blocks) || body.blocks.length === 0 || body.blocks.length > 50) {
    return refusal("invalid_blocks");
  }
  const blocks = body.blocks as Block[];
  const total = blocks.reduce((sum, block) => sum + (block.text?.text?.length ?? 0), 0);
  if (total > 13_200) return refusal("msg_blocks_too_long");
  const section = blocks.some((block) => (block.text?.text?.length ?? 0) > 3_000);
  const button = buttonsOf(blocks).some(({ label, data }) => label.length > 75 || data.length > 2_000 || label === "");
  return section || button || typeof body.text !== "string" ? refusal("invalid_blocks") : null;
};

const act = (all: Chats, method: string, body: Body): Reply => {
  const channel = String(body.channel);
  const blocks = body.blocks as Block[];
  const text = blocks.flatMap((block) => block.text?.text ?? []).join("\n");
  const message = { text, buttons: buttonsOf(blocks) };
  if (method === "chat.postMessage") {
    const ts = `${Math.floor(Date.now() / 1_000)}.${String(all.requests.length).padStart(6, "0")}`;
    return { status: 200, body: { ok: true, channel, ts: all.add(channel, message, ts) } };
  }
  const ts = String(body.ts);
  const before = all.find(channel, ts);
  if (!before) return refusal("message_not_found");
  const same = before.text === text && JSON.stringify(before.buttons) === JSON.stringify(message.buttons);
  if (!same) all.edit(channel, ts, message);
  return { status: 200, body: { ok: true, channel, ts } };
};

/** A workspace that joins an organisation gives its people new ids, and this method tells them (api.slack.com/methods/migration.exchange). */
const exchanged = (all: Chats, users: string): Reply => {
  const next = all.movedTo(users);
  return {
    status: 200,
    body: { ok: true, ...(next ? { user_id_map: { [users]: next } } : { invalid_user_ids: [users] }) },
  };
};

const reply = async (all: Chats, method: string, body: Body): Promise<Reply | "reset"> => {
  if (method === "migration.exchange") return exchanged(all, String(body.users));
  if (method !== "chat.postMessage" && method !== "chat.update") return refusal("unknown_method");
  const wrong = malformed(body);
  const channel = String(body.channel);
  if (wrong) {
    all.violations.push(`${method}: ${JSON.stringify(wrong.body)}`);
    return wrong;
  }
  const trouble = all.trouble(method === "chat.postMessage" ? "send" : "redraw", channel);
  if (!all.exists(channel) || all.movedTo(channel)) return refusal("channel_not_found");
  if (all.isGone(channel)) return refusal("is_archived");
  if (trouble?.kind === "limited") return limited(trouble);
  if (trouble?.kind === "refused") return refusal("restricted_action");
  const done = act(all, method, body);
  if (trouble?.kind === "reset-after-accepting") return "reset";
  if (trouble?.kind === "slow") await new Promise((resolve) => setTimeout(resolve, trouble.ms));
  return done;
};

/** The habits of Slack's Web API and of its interactive requests (docs.slack.dev). */
export const slackServer = async (): Promise<ScriptedServer> => {
  const all = chats();
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = (request.url ?? "").replace("/api/", "");
    const body = JSON.parse((await bodyOf(request)).toString()) as Body;
    const known = request.headers.authorization === `Bearer ${BOT_TOKEN}`;
    const answer = known ? await reply(all, method, body) : refusal("invalid_auth");
    if (answer === "reset") return void request.socket.resetAndDestroy();
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
    response.end(JSON.stringify(answer.body));
  };
  const served = await serve(handle);
  const fresh = () => randomBytes(5).toString("hex").toUpperCase();
  return {
    ...served,
    chats: all,
    newChat: () => `U${fresh()}`,
    tap: (chat, ts, value) => {
      const id = `13.${fresh()}`;
      const payload = {
        type: "block_actions",
        trigger_id: id,
        user: { id: chat },
        container: { message_ts: ts },
        actions: [{ value }],
      };
      return { id, body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString() };
    },
    say: (chat, text) => {
      const id = `Ev${fresh()}`;
      return { id, body: JSON.stringify({ event_id: id, event: { type: "message", user: chat, text } }) };
    },
    request: ({ body }) => {
      const at = String(Math.floor(Date.now() / 1_000));
      const signature = createHmac("sha256", SIGNING_SECRET).update(`v0:${at}:${body}`).digest("hex");
      const json = body.startsWith("{");
      return {
        path: "/webhooks/scripted-slack",
        headers: {
          "content-type": json ? "application/json" : "application/x-www-form-urlencoded",
          "x-slack-request-timestamp": at,
          "x-slack-signature": `v0=${signature}`,
        },
        body,
      };
    },
  };
};
