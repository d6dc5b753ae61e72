import { expect, it } from "vitest";
import type { Asked } from "../../../src/platforms/ask.ts";
import type { Api } from "../../../src/platforms/telegram/api.ts";
import { poll } from "../../../src/platforms/telegram/poll.ts";
import { testLog } from "../../setup/log.ts";

it("goes on from what is stored, and takes numbers that begin anew after a quiet time for new ones", async () => {
  const answers = [[{ update_id: 900 }, { update_id: 901 }], [], [{ update_id: 5 }]];
  const offsets: unknown[] = [];
  const taken: number[] = [];
  const api: Pick<Api, "ask"> = {
    ask: async <Result>(_: string, body: object, _ms?: number, signal?: AbortSignal): Promise<Asked<Result>> => {
      const result = answers[offsets.length];
      offsets.push((body as { offset?: unknown }).offset);
      if (!result) await new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve()));
      return { ok: true, result: (result ?? []) as Result };
    },
  };
  const now = () => new Date();
  const leases = { hold: async () => true, release: async () => {} };
  const polling = poll({
    api: api as Api,
    parts: { leases, clock: { now, real: now }, log: testLog(), holder: "one" },
    take: async ({ update_id: id }) => taken.push(id) > 0,
  });
  await expect.poll(() => offsets.length).toBe(4);
  await polling.stop();
  expect(taken).toEqual([900, 901, 5]);
  // An empty answer has confirmed everything before it.
  expect(offsets).toEqual([0, 902, 0, 6]);
});
