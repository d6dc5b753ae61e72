import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Database } from "../../src/database/database.ts";
import { openDatabase } from "../../src/database/open-database.ts";
import { bullQueue } from "../../src/queue/bull-queue.ts";
import { telemetry } from "../../src/queue/telemetry.ts";
import { freshPostgres } from "../setup/database.ts";
import { testLog } from "../setup/log.ts";

let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  const fresh = await freshPostgres();
  drop = fresh.drop;
  database = await openDatabase({ url: fresh.url, dataDir: "", log: testLog(), onDeath: () => {} });
});
afterAll(async () => {
  await database.close();
  await drop();
  for (const api of [trace, context, propagation]) api.disable();
});

it("is off where nobody registered an SDK; with one, a job's span goes on from the hint to the work", async () => {
  expect(telemetry()).toEqual({});

  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());

  const queue = await bullQueue({ redisUrl: null, pool: database.queuePool, log: testLog() });
  const request = trace.getTracer("test").startSpan("a request");
  let within = "";
  const worked = new Promise<void>((resolve) => {
    void queue.work(async () => {
      within = trace.getActiveSpan()?.spanContext().traceId ?? "";
      resolve();
    });
  });
  await context.with(trace.setSpan(context.active(), request), () => queue.hint({ name: "answer", id: "41" }));
  request.end();
  await worked;
  await queue.stop();

  const { traceId } = request.spanContext();
  expect(within).toBe(traceId);
  const spans = exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId);
  const named = (part: string) => spans.find(({ name }) => name.includes(part));
  const [added, processed] = [named("add"), named("process")];
  expect(added?.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
  expect(processed?.parentSpanContext?.spanId).toBe(added?.spanContext().spanId);
});
