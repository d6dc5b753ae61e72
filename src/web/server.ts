import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import type { Phrase } from "../dialogue/phrase.ts";
import type { Locale } from "../domain/language.ts";
import type { Log } from "../ports/log.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { Route } from "../ports/route.ts";
import { createApp } from "./app.ts";
import type { Assets } from "./assets.ts";
import { connectionsOf } from "./connections.ts";
import { type Check, readiness } from "./health.ts";
import { metricsDoor, type Scrape } from "./metrics-door.ts";
import { problemPages } from "./problem.ts";
import { type Rates, rateLimits } from "./rates.ts";
import { securityHeaders } from "./security-headers.ts";
import { streams } from "./streams.ts";

export interface ServerOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly routes: readonly Route[];
  readonly checks: readonly Check[];
  readonly assets: Assets;
  readonly log: Log;
  readonly say: (words: Phrase, locale: Locale) => string;
  readonly defaultLocale: Locale;
  /** How people reach the service; null where that is its own address. HTTPS is taken from it. */
  readonly publicUrl: URL | null;
  readonly metrics: Pick<Metrics, "requested" | "refused"> & { readonly scrape: Scrape };
  /** Who bears it may read the metrics from anywhere; without it, this machine alone. */
  readonly metricsToken: string | null;
  readonly rates?: Rates;
  /** Whether an error says that what we lean on is away; nothing is where it is left out. */
  readonly isAway?: (error: unknown) => boolean;
  readonly bounds?: Bounds;
}

/** How long a request may take, in milliseconds. */
export interface Bounds {
  /** To bring its headers. */
  readonly headers: number;
  /** To bring all of itself. */
  readonly request: number;
  /** Until a handler has answered. */
  readonly answer: number;
  /** Until what is in flight at a stop is cut off. */
  readonly stop: number;
}

export interface Server {
  readonly port: number;
  /** From now on it says that it is not ready, ends the streams, and keeps no connection open; it still answers. */
  drain(): void;
  /** Takes no more requests, and finishes what is in flight within its bound. */
  stop(): Promise<void>;
}

const RATES: Rates = { normal: 1200, tight: 10 };
const BOUNDS: Bounds = { headers: 10_000, request: 15_000, answer: 15_000, stop: 10_000 };
/** A connection on which nothing moves for so long is closed; streams have their heartbeats. */
const SILENT_MS = 60_000;

const listen = (server: HttpServer, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });

/** What does not even parse as HTTP is answered with the same headers as everything else. */
const answerNoise = (server: HttpServer, headers: Readonly<Record<string, string>>): void => {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (error.code === "ECONNRESET" || !socket.writable) return socket.destroy();
    const status = error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? "408 Request Timeout" : "400 Bad Request";
    socket.end(`HTTP/1.1 ${status}\r\n${lines.join("")}content-length: 0\r\nconnection: close\r\n\r\n`);
  });
};

/** Opens the HTTP server over all routes, with its own: `/healthz`, `/readyz`, `/metrics` and `/assets/…`. */
export const openServer = async (options: ServerOptions): Promise<Server> => {
  const { log, publicUrl, assets, bounds = BOUNDS } = options;
  const stopping = new AbortController();
  const headers = { ...securityHeaders(publicUrl?.protocol === "https:"), "cache-control": "no-store" };
  const problem = problemPages({ ...options, assets: assets.links });
  const ready = readiness(options.checks);
  const app = createApp({
    ...options,
    problem,
    limits: rateLimits(options.rates ?? RATES),
    openStream: streams(log, stopping.signal),
    ready: async () => (stopping.signal.aborted ? { ready: false, checks: { service: "stopping" } } : ready()),
    openMetrics: metricsDoor(options.metrics.scrape, options.metricsToken),
    answerMs: bounds.answer,
    isAway: options.isAway ?? (() => false),
  });
  const finish = (answer: Response): Response => {
    const all = new Headers(answer.headers);
    for (const [name, value] of Object.entries(headers)) if (!all.has(name)) all.set(name, value);
    if (stopping.signal.aborted) all.set("connection", "close");
    return new Response(answer.body, { status: answer.status, headers: all });
  };
  const listener = getRequestListener(async (request, env) => finish(await app.fetch(request, env as HttpBindings)), {
    overrideGlobalObjects: false,
    errorHandler: () => new Response(null, { status: 400, headers }),
  });
  const server = createServer(
    { headersTimeout: bounds.headers, requestTimeout: bounds.request, connectionsCheckingInterval: bounds.headers / 4 },
    listener,
  );
  const close = connectionsOf(server);
  server.setTimeout(SILENT_MS);
  answerNoise(server, headers);
  const port = await listen(server, options.host, options.port);
  return {
    port,
    drain: () => stopping.abort(),
    stop: async () => {
      stopping.abort();
      await close(bounds.stop);
    },
  };
};
