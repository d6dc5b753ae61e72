import { connect } from "node:net";
import { openMetrics } from "../../src/metrics/metrics.ts";
import type { Route } from "../../src/ports/route.ts";
import { openAssets } from "../../src/web/assets.ts";
import { openServer, type ServerOptions } from "../../src/web/server.ts";
import { talk } from "../platforms/web/cards.ts";
import { testLog } from "../setup/log.ts";

/** Metrics without a database behind them, which this machine alone may read. */
export const notWatched = () => ({
  metrics: openMetrics({ version: "test", platforms: ["web"], read: () => Promise.reject(new Error("no database")) }),
  metricsToken: null,
});

/** A server of one's own over given routes, and what it logs. */
export const serve = async (routes: readonly Route[], options: Partial<ServerOptions> = {}) => {
  const log = testLog();
  const assets = await openAssets();
  const server = await openServer({
    ...{ host: "127.0.0.1", port: 0, routes, checks: [], assets, log, say: talk.say, defaultLocale: "zh-CN" },
    publicUrl: null,
    ...notWatched(),
    ...options,
  });
  const url = `http://127.0.0.1:${server.port}`;
  const visit = (path: string, init: RequestInit = {}) => fetch(`${url}${path}`, { redirect: "manual", ...init });
  return { log, assets, server, url, visit, stop: server.stop };
};

/** Writes bytes as they are and reads until the other end closes. */
export const speak = (url: string, bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    let heard = "";
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setEncoding("utf8");
    socket.on("data", (data) => {
      heard += data;
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(heard));
  });

export const page = (path: string, parts: Partial<Route> = {}): Route => ({
  ...{ method: "GET", path, rate: "normal", from: "pages" },
  handle: async () => new Response("page"),
  ...parts,
});
