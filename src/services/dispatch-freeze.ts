import type { Next } from "../domain/settle.ts";

type Work = "send" | "redraw";

/** What the platform has asked this process to leave be; the other processes learn it from the database. */
export interface Freeze {
  /** True when this result asks for more than its own chat to wait. */
  note(next: Next, work: Work, real: Date): boolean;
  /** How long this kind of request still has to wait, in milliseconds. */
  left(work: Work, real: Date): number;
}

export const freeze = (): Freeze => {
  const until: Record<Work, number> = { send: 0, redraw: 0 };
  return {
    note: (next, work, real) => {
      if (next.kind !== "again" || (next.scope !== "bot" && next.scope !== "method")) return false;
      const works: readonly Work[] = next.scope === "bot" ? ["send", "redraw"] : [work];
      for (const each of works) until[each] = Math.max(until[each], real.getTime() + next.ms);
      return true;
    },
    left: (work, real) => Math.max(0, until[work] - real.getTime()),
  };
};
