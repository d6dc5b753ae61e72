/** An even flow: a grain every so many whole microseconds, `burst` of which may go at once after a rest. */
export interface Flow {
  readonly name: string;
  readonly grain: number;
  readonly burst: number;
}

/** What a platform lets through: so many in so many seconds, of which `burst` at once. */
export interface Allowance {
  readonly count: number;
  readonly seconds: number;
  readonly burst: number;
}

export const flowOf = (name: string, { count, seconds, burst }: Allowance): Flow => ({
  name,
  grain: Math.ceil((seconds * 1_000_000) / count),
  burst,
});

/** How long so many take, in microseconds: until the next one after them might go. */
export const lasts = (count: number, { grain }: Flow): number => count * grain;

/** A request for slots: all of one common flow, each of further flows of its own, such as its chat's. */
export interface Ask {
  readonly common: Flow;
  readonly own: readonly (readonly Flow[])[];
  /** Slots are given so far ahead, in microseconds: from where the answer has arrived to where it is time to ask again. */
  readonly lead: number;
  readonly ahead: number;
  /** Gives nothing while this name is held. */
  readonly behind: string | null;
  /** Holds this name for so many microseconds. */
  readonly holds: { readonly name: string; readonly micros: number } | null;
}

/** In microseconds from now. `own`: it is a flow of its own that has to wait, which does not keep the others from going. */
export type Slot =
  | { readonly kind: "granted"; readonly micros: number }
  | { readonly kind: "wait"; readonly scope: "common" | "own"; readonly micros: number };

/** When the next grain of each flow is due, in whole microseconds since 1970; a name that is missing was never asked for. */
export type Dues = ReadonlyMap<string, number>;

const earliest = (due: number, { grain, burst }: Flow): number => due - (burst - 1) * grain;

/**
 * The generic cell rate algorithm (ITU-T I.371, annex A) for whole microseconds, over every flow of a batch at once. Slots
 * are told for a little time ahead, so that one request serves a batch. `dues` are those that have changed.
 */
export const reserve = (
  before: Dues,
  { common, own, lead, ahead, behind, holds }: Ask,
  now: number,
): { readonly slots: readonly Slot[]; readonly dues: Dues } => {
  const dues = new Map<string, number>();
  const due = (name: string): number => dues.get(name) ?? before.get(name) ?? 0;
  const barred = behind === null ? 0 : Math.max(0, due(behind) - now);

  const slot = (flows: readonly Flow[]): Slot => {
    const at = Math.max(now + lead, earliest(due(common.name), common));
    const late = Math.max(barred, at - now - ahead);
    if (late > 0) return { kind: "wait", scope: "common", micros: late };
    const wait = Math.max(0, ...flows.map((flow) => earliest(due(flow.name), flow) - at));
    if (wait > 0) return { kind: "wait", scope: "own", micros: at - now + wait };
    for (const flow of [common, ...flows]) dues.set(flow.name, Math.max(due(flow.name), at) + flow.grain);
    return { kind: "granted", micros: at - now };
  };

  const slots = own.map(slot);
  if (holds) dues.set(holds.name, now + holds.micros);
  return { slots, dues };
};
