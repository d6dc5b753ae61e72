import type { Pool } from "pg";
import type { Card } from "../../../src/dialogue/screen.ts";
import type { PersonId } from "../../../src/domain/ids.ts";
import { openKeys } from "../../../src/keys/keys.ts";
import { entryBytes } from "../../../src/ledger/entry-bytes.ts";
import type { ActAs } from "../../../src/platforms/web/parts.ts";
import { webPlatform } from "../../../src/platforms/web/web.ts";
import type { Incoming } from "../../../src/ports/chat-platform.ts";
import { chatStore } from "../../../src/store/chat-messages.ts";
import { openPrisma } from "../../../src/store/client.ts";
import { enrolmentStore } from "../../../src/store/enrolments.ts";
import { accessStore } from "../../../src/store/web-access.ts";
import { openAssets } from "../../../src/web/assets.ts";
import { openServer, type ServerOptions } from "../../../src/web/server.ts";
import { rootKey } from "../../keys/root-key.ts";
import { testLog } from "../../setup/log.ts";
import { notWatched } from "../../web/serve.ts";
import { NOW, talk } from "./cards.ts";
import { addPerson, type Person } from "./people.ts";

/** A web chat on a real database, served over real HTTP. What people do is collected; the rest of the service is the test. */
export const chatWorld = async (
  pool: Pool,
  options: { readonly actAs?: readonly ActAs[]; readonly server?: Partial<ServerOptions> } = {},
) => {
  const db = openPrisma(pool);
  const keys = openKeys(rootKey(1));
  const log = testLog();
  const chats = chatStore(db, keys);
  const access = accessStore(db, keys);
  const assets = await openAssets();
  let ahead = 0;
  const clock = { now: () => NOW, real: () => new Date(Date.now() + ahead) };
  const received: Incoming[] = [];
  const working = { on: async (_: Incoming): Promise<void> => {} };
  const { say } = talk;
  const publicUrl = options.server?.publicUrl ?? null;
  const platform = webPlatform(
    {
      ...{
        chats,
        access,
        enrolments: enrolmentStore(db, keys, entryBytes),
        keys,
        clock,
        log,
        say,
        defaultLocale: "zh-CN",
        assets: assets.links,
      },
      secure: publicUrl?.protocol === "https:",
      settled: async (id) => received.some((incoming) => incoming.id === id),
    },
    options.actAs,
  );
  const server = await openServer({
    ...{ host: "127.0.0.1", port: 0, routes: platform.routes, checks: [], assets, log, say, publicUrl },
    defaultLocale: "zh-CN",
    ...notWatched(),
    ...options.server,
  });
  await platform.start(async (incoming) => {
    if (received.some(({ id }) => id === incoming.id)) return;
    await working.on(incoming);
    received.push(incoming);
  });
  const url = `http://127.0.0.1:${server.port}`;

  const visit = (path: string, init: RequestInit = {}) => fetch(`${url}${path}`, { redirect: "manual", ...init });
  const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    visit(path, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { "sec-fetch-site": "same-origin", ...headers },
    });
  const link = async (id: PersonId, days = 7): Promise<string> => {
    const { token, hash } = keys.newToken();
    await access.addLinks([{ person: id, tokenHash: hash }], new Date(clock.real().getTime() + days * 86_400_000));
    return `/chat/enter/${token}`;
  };

  return {
    ...{ db, keys, log, chats, access, platform, server, url, clock, received, working, visit, post, link },
    /** Moves real time. */
    travel: (ms: number) => {
      ahead += ms;
    },
    person: (who: Person) => addPerson(db, keys, who),
    /** Enters by a fresh link; returns the cookie and the chat. */
    enter: async (id: PersonId) => {
      const answer = await post(await link(id), {});
      const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
      const token = cookie.split("=")[1] ?? "";
      const chat = await access.session(keys.tokenHash(token), new Date(), clock.real());
      if (chat === null) throw new Error(`not let in: ${answer.status}`);
      return { cookie, chat, headers: { cookie } };
    },
    send: async (chat: string, card: Card, key: string = crypto.randomUUID()) =>
      platform.send({ platform: "web", chat }, card, {
        ...{ key, lane: "reply" },
        deadline: new Date(clock.real().getTime() + 10_000),
      }),
    close: async () => {
      await server.stop();
      await platform.stop();
      await db.$disconnect();
    },
  };
};

export type ChatWorld = Awaited<ReturnType<typeof chatWorld>>;
