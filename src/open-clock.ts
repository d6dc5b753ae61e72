import type { PlatformName } from "./domain/platform.ts";
import { openHeartbeat } from "./heartbeat.ts";
import type { Installation } from "./installation.ts";
import { auditClocks } from "./services/audit-clock.ts";
import { chaseDue } from "./services/chase.ts";
import { wakingAhead } from "./services/wake-ahead.ts";

/** What the clock does in this process, and how it is told outside that it goes. */
export const openClock = (
  { calendars, clock, config, log, queue, stores }: Installation,
  names: readonly PlatformName[],
) => {
  const { chase } = stores;
  const heartbeat = config.heartbeatUrl && openHeartbeat(config.heartbeatUrl);
  const wakeAhead = wakingAhead({ chase, queue, clock });
  return {
    chase: async () => {
      await chaseDue({ chase, calendars, queue, platforms: names, clock, log });
      await wakeAhead();
    },
    audit: () => auditClocks({ chase, heartbeat: heartbeat?.beat ?? null, clock, log }),
    close: async () => heartbeat?.close(),
  };
};
