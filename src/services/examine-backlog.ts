import type { Finding } from "../dialogue/finding.ts";
import { fine, warning, wrong } from "../dialogue/finding.ts";
import type { Lane } from "../domain/delivery.ts";
import type { Backlog, BacklogStore } from "../ports/store/backlog-store.ts";
import type { Times } from "../ports/store/delivery-store.ts";

/** Minutes that a due message may wait. A large broadcast at a platform's limit takes its time. */
const WAIT_MINUTES: Readonly<Record<Lane, number>> = { urgent: 2, reply: 2, bulk: 60 };
/** By then a doubt has had its one repeat, and only the person can say. */
const DOUBT_MINUTES = 20;
const EVENT_MINUTES = 2;
const SEAL_SECONDS = 60;

const minutes = (since: Date | null, now: Date): number =>
  since === null ? 0 : Math.floor((now.getTime() - since.getTime()) / 60_000);

const deliveries = ({ deliveries: open, pauses }: Backlog, { now, real }: Times): readonly Finding[] => [
  ...open.flatMap(({ platform, lane, state, count, oldest }) => {
    const waited = minutes(oldest, now);
    const facts = { platform, lane, count, minutes: waited };
    if (state === "pending" && waited >= WAIT_MINUTES[lane]) return [warning("deliveries.stuck", facts)];
    return state === "in-doubt" && waited >= DOUBT_MINUTES ? [warning("deliveries.in-doubt", facts)] : [];
  }),
  ...pauses.flatMap(({ platform, until }) => {
    const left = minutes(real, until);
    return left > 0 ? [warning("deliveries.paused", { platform, minutes: left })] : [];
  }),
];

const events = ({ events: { pending, oldest, failed } }: Backlog, now: Date): readonly Finding[] => {
  const waited = minutes(oldest, now);
  return [
    ...(waited >= EVENT_MINUTES ? [wrong("inbound.stuck", { count: pending, minutes: waited })] : []),
    ...(failed > 0 ? [warning("inbound.failed", { count: failed })] : []),
  ];
};

const ledger = ({ unsealed: { count, oldest } }: Backlog, now: Date): readonly Finding[] => {
  const seconds = oldest === null ? 0 : Math.floor((now.getTime() - oldest.getTime()) / 1_000);
  return seconds > SEAL_SECONDS ? [wrong("ledger.unsealed", { count, seconds })] : [];
};

/** Whether anything waits that should be done by now. */
export const examineBacklog = async (
  store: Pick<BacklogStore, "read" | "leftImports">,
  times: Times,
): Promise<readonly Finding[]> => {
  const [backlog, left] = await Promise.all([store.read(times.real), store.leftImports(times.real)]);
  const found = [
    ...deliveries(backlog, times),
    ...events(backlog, times.now),
    ...ledger(backlog, times.now),
    ...(left > 0 ? [warning("import.left")] : []),
  ];
  return found.length > 0 ? found : [fine("backlog.ok")];
};
