import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Row } from "../endure.ts";
import { type Member, readiness, untilReady } from "../world.ts";

const first = (members: readonly Member[]): Member => {
  const [member] = members;
  if (!member) throw new Error("there is nobody");
  return member;
};

/** Killed while it holds requests: the platform asks the other one again, and what was stored counts once. */
const killed: Row = {
  component: "web",
  fault: "kill -9 mid-request",
  inject: async ({ webs }) => {
    const web = first(webs);
    await web.kill();
    await web.restart();
    return { ready: await untilReady(webs) };
  },
};

const STOP_WITHIN_MS = 25_000;

/** It says at once that it is leaving, finishes what it has begun, and ends well. */
const asked: Row = {
  component: "web",
  fault: "SIGTERM under load",
  inject: async ({ webs }) => {
    const web = first(webs);
    const states: (number | null)[] = [];
    let over = false;
    // Asked from before the signal on, and by several, so that a busy machine cannot miss the moment.
    const askers = Array.from({ length: 3 }, async () => {
      while (!over) states.push((await readiness(web))?.status ?? null);
    });
    await untilReady([web]);
    const at = Date.now();
    web.program().signal("SIGTERM");
    const { code } = await web.program().ended;
    const ms = Date.now() - at;
    over = true;
    await Promise.all(askers);
    const answered = states.filter((state) => state !== null);
    await web.restart();
    const wrong = [
      ...(answered.at(-1) === 503 ? [] : [`readyz answers ${answered.at(-1)} while it stops`]),
      ...(code === 0 && ms <= STOP_WITHIN_MS ? [] : [`it ended with ${code} after ${ms} ms`]),
    ];
    return { ready: await untilReady(webs), wrong, note: `ended after ${ms} ms` };
  },
};

/** Stands still with everything it holds, like a machine that swaps: the other one serves meanwhile. */
const still: Row = {
  component: "web",
  fault: "SIGSTOP, CONT",
  inject: async ({ webs }, full) => {
    const web = first(webs);
    web.program().signal("SIGSTOP");
    await sleep(full ? 60_000 : 2_000);
    web.program().signal("SIGCONT");
    return { ready: await untilReady(webs) };
  },
};

const CUT_WITHIN_MS = 20_000;

/** Many who bring their headers a letter a second: others are served within a second, and they are cut off. */
const slow: Row = {
  component: "web",
  fault: "slowloris",
  inject: async ({ webs }, full) => {
    const { port } = new URL(first(webs).origin());
    const began = Date.now();
    const ends: number[] = [];
    const sockets: Socket[] = Array.from({ length: full ? 500 : 50 }, () => {
      const socket = connect(Number(port), "127.0.0.1", () => socket.write("GET /chat HTTP/1.1\r\nx: "));
      socket.on("error", () => {});
      socket.on("close", () => ends.push(Date.now() - began));
      socket.resume();
      return socket;
    });
    let slowest = 0;
    while (ends.length < sockets.length && Date.now() - began < CUT_WITHIN_MS) {
      const asked = Date.now();
      await readiness(first(webs));
      slowest = Math.max(slowest, Date.now() - asked);
      for (const socket of sockets) if (socket.writable) socket.write("a");
      await sleep(1_000);
    }
    for (const socket of sockets) socket.destroy();
    const wrong = [
      ...(ends.length >= sockets.length ? [] : [`${sockets.length - ends.length} were never cut off`]),
      ...(slowest < 1_000 || !full ? [] : [`another had to wait ${slowest} ms`]),
    ];
    return { wrong, note: `${sockets.length} cut off after ${Math.max(...ends)} ms, others ≤ ${slowest} ms` };
  },
};

export const webRows: readonly Row[] = [killed, asked, still, slow];
