import type { Card } from "../dialogue/screen.ts";
import type { DeliveryId } from "../domain/ids.ts";
import type { Next } from "../domain/settle.ts";
import { undrawn } from "../domain/settle.ts";
import type { Log } from "../ports/log.ts";
import type { ClaimedDelivery } from "../ports/store/delivery-store.ts";
import type { DispatchParts } from "./dispatch-parts.ts";

export interface Drawn {
  readonly cards: readonly { readonly delivery: ClaimedDelivery; readonly card: Card }[];
  readonly failed: readonly { readonly delivery: ClaimedDelivery; readonly next: Next }[];
}

const MOOT: Next = { kind: "moot" };
const NOTHING: Next = { kind: "refused", why: "nothing-to-show" };

const sort = (batch: readonly ClaimedDelivery[], cards: ReadonlyMap<DeliveryId, Card | null>): Drawn => ({
  cards: batch.flatMap((delivery) => {
    const card = cards.get(delivery.id);
    return card ? [{ delivery, card }] : [];
  }),
  failed: batch
    .filter(({ id }) => !cards.get(id))
    .map((delivery) => ({ delivery, next: cards.has(delivery.id) ? MOOT : NOTHING })),
});

/**
 * Draws a batch. When that fails, its halves, and theirs, so that one message that cannot be drawn does not hold up the
 * others. Never rejects: what fails on its own has its next step told.
 */
export const drawBatch = async (
  draw: DispatchParts["draw"],
  batch: readonly ClaimedDelivery[],
  log: Log,
): Promise<Drawn> => {
  try {
    return sort(batch, await draw(batch.map(({ id }) => id)));
  } catch (err) {
    const [first] = batch;
    if (batch.length === 1 && first) {
      log.error("delivery-not-drawn", { delivery: String(first.id), attempts: first.attempts, err });
      return { cards: [], failed: [{ delivery: first, next: undrawn(first.attempts) }] };
    }
    const middle = batch.length >> 1;
    const one = await drawBatch(draw, batch.slice(0, middle), log);
    const other = await drawBatch(draw, batch.slice(middle), log);
    return { cards: [...one.cards, ...other.cards], failed: [...one.failed, ...other.failed] };
  }
};
