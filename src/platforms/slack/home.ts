import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Action } from "../../dialogue/action.ts";
import type { Address } from "../../domain/address.ts";
import type { Incoming } from "../../ports/chat-platform.ts";
import { seatOf } from "./address.ts";
import type { Api } from "./api.ts";
import type { SlackParts } from "./parts.ts";
import { owedHome, strangerHome } from "./windows.ts";

/** So long an App Home waits for what was pressed in it to be worked off. */
const SETTLE_MS = 5_000;
const LOOK_MS = 150;

export interface Home {
  /** Shows somebody what they owe. Slack waits for no picture: one that does not come about is drawn when they look again. */
  open(owner: Address): void;
  /** Draws it again once that event of its owner's is worked off. */
  refresh(owner: Address, eventId: string): void;
}

interface HomeParts {
  readonly parts: Pick<SlackParts, "say" | "defaultLocale" | "keys" | "clock" | "log" | "owed" | "settled">;
  readonly api: Api;
  readonly team: () => string;
  readonly take: (incoming: Incoming) => Promise<boolean>;
}

/** The tab of the app that is each person's own. */
export const homes = ({ parts, api, team, take }: HomeParts): Home => {
  const { say, defaultLocale, keys, clock, log } = parts;

  const publish = async (owner: Address): Promise<void> => {
    const seat = seatOf(owner.chat, team());
    if (!seat) return;
    const owed = await parts.owed(owner);
    const code = (action: Action) => keys.buttonCode(action, owner);
    const view = owed ? owedHome(owed.card, { code, say }) : strangerHome(defaultLocale, say);
    const published = await api.ask("views.publish", { user_id: seat.user, view });
    if (!published.ok) log.warn("slack-home-not-published", { why: published.why });
    // Whoever opens the app can be written to again.
    if (owed?.gone)
      await take({ id: randomUUID(), from: owner, language: null, what: { kind: "reach", reachable: true } });
  };

  const settle = async (owner: Address, eventId: string): Promise<void> => {
    const until = clock.real().getTime() + SETTLE_MS;
    while (clock.real().getTime() < until && !(await parts.settled(eventId))) await sleep(LOOK_MS);
    await publish(owner);
  };

  const aside = (work: Promise<void>): void => {
    work.catch((err: unknown) => log.warn("slack-home-not-published", { err }));
  };
  return {
    open: (owner) => aside(publish(owner)),
    refresh: (owner, eventId) => aside(settle(owner, eventId)),
  };
};
