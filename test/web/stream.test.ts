import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import type { EventFeed, ServerEvent } from "../../src/ports/route.ts";
import { eventStream, type StreamOptions } from "../../src/web/event-stream.ts";
import { page, serve } from "./serve.ts";

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener("abort", () => resolve())));

const feedOf = (run: EventFeed["run"], key = "k"): EventFeed => ({ kind: "events", key, run });
const open = (run: EventFeed["run"], options: Partial<StreamOptions> = {}) => {
  const ends: unknown[] = [];
  const answer = eventStream(feedOf(run), {
    heartbeatMs: 1_000,
    slowMs: 1_000,
    stopping: new AbortController().signal,
    ended: (error) => void ends.push(error),
    ...options,
  });
  return { answer, ends };
};
const event = (id: number, data = "x"): ServerEvent => ({ id: String(id), name: "turn", data });

it("writes events as browsers read them, line by line", async () => {
  const { answer, ends } = open(async (send) => {
    await send({ id: "7", name: "turn", data: "one\ntwo" });
  });
  expect(answer.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(answer.headers.get("x-accel-buffering")).toBe("no");
  expect(await answer.text()).toBe("retry: 2000\n\nid: 7\nevent: turn\ndata: one\ndata: two\n\n");
  expect(ends).toEqual([null]);
});

it("beats while nothing happens", async () => {
  const { answer } = open((_, signal) => Promise.race([untilAborted(signal), sleep(120)]), { heartbeatMs: 20 });
  expect((await answer.text()).match(/^event: beat$/gm)?.length).toBeGreaterThan(2);
});

it("waits for a reader, and drops one who does not read", async () => {
  let sent = 0;
  const { answer, ends } = open(
    async (send, signal) => {
      while (!signal.aborted) await send(event(++sent, "x".repeat(8 * 1024)));
    },
    { slowMs: 100 },
  );
  await sleep(50);
  expect(sent).toBeLessThan(12);
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  for (let read = 0; read < 10; read++) await reader.read();
  await sleep(20);
  expect(sent).toBeGreaterThan(12);
  await sleep(200);
  expect(ends).toEqual([null]);
});

it("tells its feed when the reader has gone, and says once that a feed broke", async () => {
  const gone = open((_, signal) => untilAborted(signal));
  await gone.answer.body?.cancel();
  await sleep(10);
  expect(gone.ends).toEqual([null]);
  const error = new Error("no database");
  const broken = open(() => Promise.reject(error));
  await broken.answer.text();
  expect(broken.ends).toEqual([error]);
});

it("ends at a stop, even one that came before it", async () => {
  const stopping = new AbortController();
  const one = open((_, signal) => untilAborted(signal), { stopping: stopping.signal });
  stopping.abort();
  await one.answer.text();
  const other = open((_, signal) => untilAborted(signal), { stopping: stopping.signal });
  await other.answer.text();
  expect([one.ends, other.ends]).toEqual([[null], [null]]);
});

it("may be open three times a key; a place is free again when one has left", async () => {
  const served = await serve([
    page("/events/:key", { handle: async ({ params }) => feedOf((_, signal) => untilAborted(signal), params.key) }),
  ]);
  endings.push(served.stop);
  const leave = Array.from({ length: 3 }, () => new AbortController());
  for (const { signal } of leave) expect((await served.visit("/events/a", { signal })).status).toBe(200);
  expect((await served.visit("/events/a")).status).toBe(429);
  const other = await served.visit("/events/b");
  expect(other.status).toBe(200);
  leave[0]?.abort();
  await expect.poll(async () => (await served.visit("/events/a")).status, { timeout: 5_000 }).toBe(200);
  await other.body?.cancel();
});
