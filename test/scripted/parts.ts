import { randomUUID } from "node:crypto";
import type { Block } from "../../src/domain/content.ts";
import { openKeys } from "../../src/keys/keys.ts";
import { speaker } from "../../src/locale/speaker.ts";
import { wording } from "../../src/locale/wording.ts";
import type { ChatPlatform } from "../../src/ports/chat-platform.ts";
import { type Dispatcher, dispatcher } from "../../src/services/dispatch.ts";
import { drawing } from "../../src/services/draw.ts";
import { limiting } from "../../src/services/limit.ts";
import { receiver } from "../../src/services/receive.ts";
import { sweep } from "../../src/services/sweep.ts";
import type { Db } from "../../src/store/client.ts";
import { deliveryStore } from "../../src/store/deliveries.ts";
import { inboundStore } from "../../src/store/inbound.ts";
import { paceStore } from "../../src/store/paces.ts";
import { rootKey } from "../keys/root-key.ts";
import { testLog } from "../setup/log.ts";
import { travelClock } from "./clock.ts";
import { office } from "./office.ts";

const parse = (markdown: string): readonly Block[] =>
  markdown
    .trim()
    .split("\n\n")
    .map((text) => ({ kind: "paragraph", children: [{ kind: "text", text }] }));

/** The real stores and services around one database, wired as the service wires them, without a queue. */
export const parts = (db: Db) => {
  const keys = openKeys(rootKey(1));
  const clock = travelClock();
  const log = testLog();
  const deliveries = deliveryStore(db, keys, { parse, wording, locale: "zh-CN" });
  const inbound = inboundStore(db, keys);
  const draw = drawing({ deliveries, clock, card: speaker(clock.now, "Asia/Shanghai").card });
  const queue = { hint: async () => {} };
  const limiter = limiting({ shared: null, paces: paceStore(db), clock, log });
  const hide = (chat: string) => chat;
  return {
    ...{ db, keys, clock, log, deliveries, inbound, draw, limiter, hide },
    office: office(db, keys),
    dispatch: (platform: ChatPlatform): Dispatcher =>
      dispatcher({ platform, deliveries, draw, limiter, hide, clock, log, newLeaseId: randomUUID }),
    receive: receiver({ inbound, queue, clock, log }),
    sweep: (idempotent: readonly ChatPlatform["name"][] = []) =>
      sweep({ deliveries, inbound, queue, idempotent, clock, log }),
    times: () => ({ now: clock.now(), real: clock.real() }),
  };
};

export type Parts = ReturnType<typeof parts>;
