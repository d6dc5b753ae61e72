import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import type { Metrics } from "../ports/metrics.ts";
import type { Refused, Route } from "../ports/route.ts";
import type { Assets } from "./assets.ts";
import { clientAddress } from "./client-address.ts";
import type { Readiness } from "./health.ts";
import { limitedBody } from "./limited-body.ts";
import type { MetricsDoor } from "./metrics-door.ts";
import type { AnswerProblem } from "./problem.ts";
import type { RateLimits } from "./rates.ts";
import { isSameOrigin } from "./same-origin.ts";
import type { OpenStream } from "./streams.ts";
import { within } from "./within.ts";

export interface AppParts {
  readonly routes: readonly Route[];
  readonly assets: Assets;
  readonly problem: AnswerProblem;
  readonly limits: RateLimits;
  readonly openStream: OpenStream;
  readonly ready: () => Promise<Readiness>;
  readonly metrics: Pick<Metrics, "requested" | "refused">;
  readonly openMetrics: MetricsDoor;
  /** How people reach the service, where that is not its own address. */
  readonly publicUrl: URL | null;
  /** A handler that has not answered by then is answered for. */
  readonly answerMs: number;
  /** Whether an error says that what we lean on is away: asked again later, the same may well work. */
  readonly isAway: (error: unknown) => boolean;
}

type Env = { Bindings: HttpBindings; Variables: { address: string } };
type Visit = Context<Env>;

/** What a page posts is a few words; what a platform posts is one event. */
const BODY_BYTES = { pages: 64 * 1024, machines: 1024 * 1024 } as const;

/** When to ask again, where a database is away. */
const AWAY_SECONDS = "5";

/** What stands in the way of a route: too many tries, a foreign page. */
const guards = (route: Route, { problem, limits, publicUrl }: AppParts): readonly MiddlewareHandler<Env>[] => {
  const refuse = (visit: Visit, why: Parameters<AnswerProblem>[1]): Response =>
    problem(visit.req.raw, why, { route: route.path });
  const tight: MiddlewareHandler<Env> = async (visit, next) => {
    const giveBack = await limits.admitTight(visit.var.address);
    if (!giveBack) return refuse(visit, "fast");
    await next();
    if (visit.res.status < 400) await giveBack();
  };
  const ownPages: MiddlewareHandler<Env> = async (visit, next) =>
    isSameOrigin(visit.req.raw.headers, publicUrl?.host ?? null) ? next() : refuse(visit, "forbidden");
  return [
    ...(route.rate === "tight" ? [tight] : []),
    ...(route.method !== "GET" && route.from === "pages" ? [ownPages] : []),
  ];
};

/** A platform that reads anything in an answer reads its status. */
const STATUS = { forged: 401, stale: 401, unreadable: 400, "not-taken": 503 } as const;

const turnAway = ({ platform, reason }: Refused, { metrics }: AppParts): Response => {
  metrics.refused(platform, reason);
  return new Response(null, { status: STATUS[reason] });
};

const mount = (app: Hono<Env>, route: Route, parts: AppParts): void => {
  app.on(route.method, [route.path], ...guards(route, parts), async (visit) => {
    const request = await limitedBody(visit.req.raw, BODY_BYTES[route.from]);
    if (!request) return parts.problem(visit.req.raw, "big");
    const params = visit.req.param() as Readonly<Record<string, string>>;
    const work = route.handle({ request, params, ip: visit.var.address });
    const answer = await within(work, parts.answerMs);
    if (answer === null) return parts.problem(request, "busy", { route: route.path });
    if (answer instanceof Response) return answer;
    if (answer.kind === "refused") return turnAway(answer, parts);
    if (request.method === "HEAD") return new Response(null, { headers: { "content-type": "text/event-stream" } });
    return parts.openStream(answer) ?? parts.problem(request, "fast");
  });
};

/** The service's own paths: whether it lives, whether it can work, what it counts, and the files that pages are made with. */
const mountOwn = (app: Hono<Env>, { ready, assets, problem, openMetrics, limits }: AppParts): void => {
  app.get("/healthz", (visit) => visit.text("ok"));
  app.get("/readyz", async (visit) => {
    const state = await ready();
    return visit.json(state, state.ready ? 200 : 503);
  });
  app.get("/metrics", async (visit) => {
    const giveBack = await limits.admitTight(visit.var.address);
    if (!giveBack) return problem(visit.req.raw, "fast", { route: "/metrics" });
    const answer = await openMetrics(visit.env.incoming.socket.remoteAddress, visit.req.raw.headers);
    if (answer.status < 400) await giveBack();
    return answer;
  });
  app.get("/assets/:hash/:name", (visit) => {
    const { hash, name } = visit.req.param();
    return assets.serve(hash, name, visit.req.header("accept-encoding") ?? null) ?? problem(visit.req.raw, "lost");
  });
};

/** Every path that is known, for the methods that it is not known for. */
const mountRefusals = (app: Hono<Env>, { routes, problem }: AppParts): void => {
  const own = ["/healthz", "/readyz", "/metrics", "/assets/:hash/:name"].map((path) => ({ path, method: "GET" }));
  const all = [...own, ...routes];
  for (const path of new Set(all.map((route) => route.path))) {
    const methods = all.filter((route) => route.path === path).map((route) => route.method);
    app.all(path, (visit) => {
      const answer = problem(visit.req.raw, "method");
      answer.headers.set(
        "allow",
        methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])).join(", "),
      );
      return answer;
    });
  }
};

/** The pattern of the path, which holds nothing that anybody typed. */
const patternOf = (visit: Visit): string =>
  matchedRoutes(visit)
    .map(({ path }) => path)
    .findLast((path) => path !== "/*") ?? "other";

export const createApp = (parts: AppParts): Hono<Env> => {
  const app = new Hono<Env>();
  app.use(async (visit, next) => {
    const begun = performance.now();
    await next();
    const seconds = (performance.now() - begun) / 1_000;
    parts.metrics.requested({ method: visit.req.method, route: patternOf(visit), status: visit.res.status, seconds });
  });
  app.use(async (visit, next) => {
    const peer = visit.env.incoming.socket.remoteAddress;
    const forwarded = visit.req.header("x-forwarded-for") ?? null;
    visit.set("address", clientAddress(peer, forwarded, parts.publicUrl !== null));
    return next();
  });
  mountOwn(app, parts);
  // A platform's events all come from a few addresses, and prove themselves.
  for (const route of parts.routes.filter(({ from }) => from === "machines")) mount(app, route, parts);
  app.use(async (visit, next) =>
    (await parts.limits.admit(visit.var.address)) ? next() : parts.problem(visit.req.raw, "fast"),
  );
  for (const route of parts.routes.filter(({ from }) => from === "pages")) mount(app, route, parts);
  mountRefusals(app, parts);
  app.notFound((visit) => parts.problem(visit.req.raw, "lost"));
  app.onError((err, visit) => {
    const away = parts.isAway(err);
    const answer = parts.problem(visit.req.raw, away ? "busy" : "fault", { route: visit.req.routePath, err });
    if (away) answer.headers.set("retry-after", AWAY_SECONDS);
    return answer;
  });
  return app;
};
