import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { Route } from "../../src/ports/route.ts";

export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

export const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
};

/** An HTTP server on a free port of this machine. */
export const serve = async (
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<Served> => {
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};

/** Mounts the routes of a platform, as the service's own HTTP server does. */
export const mount = (routes: readonly Route[]): Promise<Served> =>
  serve(async (incoming, outgoing) => {
    const path = new URL(incoming.url ?? "/", "http://localhost").pathname;
    const route = routes.find((one) => one.method === incoming.method && one.path === path);
    if (!route) return void outgoing.writeHead(404).end();
    const request = new Request(`http://localhost${incoming.url}`, {
      method: incoming.method ?? "GET",
      headers: Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]),
      ...(incoming.method === "POST" ? { body: await bodyOf(incoming) } : {}),
    });
    const answer = await route.handle({ request, params: {}, ip: "127.0.0.1" });
    if (!(answer instanceof Response)) throw new Error("no platform of these streams");
    outgoing.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  });
