import { setTimeout as sleep } from "node:timers/promises";
import type { Api } from "./api.ts";
import type { SlackParts } from "./parts.ts";

const RETRY_MS = 5_000;

interface Identity {
  readonly team_id?: string;
}

/** Asks whose token it is, until Slack has told; a failure is told once. */
export const setUp = (
  { log }: Pick<SlackParts, "log">,
  api: Api,
  known: (team: string) => void,
): { stop(): Promise<void> } => {
  const over = new AbortController();
  const ask = async (failures: number): Promise<boolean> => {
    const me = await api.ask<Identity>("auth.test", {});
    const team = me.ok ? me.result.team_id : undefined;
    if (team) known(team);
    else if (failures === 0)
      log.warn("slack-not-set-up", { variable: "SLACK_BOT_TOKEN", why: me.ok ? "no-team" : me.why });
    return team !== undefined;
  };
  const run = async (): Promise<void> => {
    for (let failures = 0; !over.signal.aborted && !(await ask(failures)); failures++)
      await sleep(RETRY_MS, null, { signal: over.signal }).catch(() => {});
  };
  const running = run();
  return {
    stop: () => {
      over.abort();
      return running;
    },
  };
};
