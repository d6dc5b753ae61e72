import type { Ask, Flow } from "../domain/pace.ts";
import { flowOf } from "../domain/pace.ts";
import type { ClaimedDelivery } from "../ports/store/delivery-store.ts";
import type { DispatchParts, Held } from "./dispatch-parts.ts";

type Work = ClaimedDelivery["work"];

/** Slots are reserved this far ahead: one request for what goes out in that time, and a warning waits no longer than that. */
const AHEAD_MICROS = 100_000;
/** While a warning waits for slots no process sends in bulk. */
const HOLD_MICROS = 500_000;
/** Timers are a millisecond or so out; faster flows let a few go at once. */
const GO_TOGETHER_PER_SECOND = 200;

/** The flows of one platform. */
export interface Flows {
  /** What limits this kind of request as a whole; null where nothing does. */
  common(work: Work): Flow | null;
  /** How many slots one request asks for at most, if its answer takes so long (microseconds). */
  most(work: Work, lead: number): number;
  ask(items: readonly Held[], lead: number): Ask | null;
}

type FlowParts = Pick<DispatchParts, "platform" | "hide">;

/** Drawing again is limited apart from sending: the one must not use up what the other needs. */
export const flows = ({ platform, hide }: FlowParts): Flows => {
  const { perSecond, redraws, perChat, perGroup, isGroup } = platform.limits;
  const name = (work: Work, of: string): string => `${platform.name}:${work}:${of}`;
  const common = (work: Work): Flow | null =>
    perSecond === null
      ? null
      : flowOf(name(work, "all"), {
          count: perSecond,
          seconds: 1,
          burst: Math.max(1, Math.floor(perSecond / GO_TOGETHER_PER_SECOND)),
        });
  const known = {
    send: common("send"),
    redraw: redraws === null ? common("redraw") : flowOf(name("redraw", "all"), redraws),
  };

  const own = ({ delivery: { work, address } }: Held): readonly Flow[] => {
    const chat = work === "send" ? perChat : null;
    const group = isGroup(address.chat) ? perGroup : null;
    if (!chat && !group) return [];
    const hidden = hide(address.chat);
    return [
      ...(chat ? [flowOf(name(work, hidden), chat)] : []),
      ...(group ? [flowOf(name(work, `${hidden}:group`), group)] : []),
    ];
  };

  return {
    common: (work) => known[work],
    most: (work, lead) => {
      const flow = known[work];
      return flow ? flow.burst + Math.ceil((AHEAD_MICROS + lead) / flow.grain) : Number.POSITIVE_INFINITY;
    },
    ask: (items, lead) => {
      const [first] = items;
      const flow = first && known[first.delivery.work];
      if (!flow) return null;
      const urgent = name("send", "urgent");
      return {
        common: flow,
        own: items.map(own),
        ...{ lead, ahead: AHEAD_MICROS + 2 * lead },
        behind: items.every(({ stream }) => stream === "bulk") ? urgent : null,
        holds: items.some(({ stream }) => stream === "urgent") ? { name: urgent, micros: HOLD_MICROS } : null,
      };
    },
  };
};
