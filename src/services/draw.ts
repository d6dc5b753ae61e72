import type { Phrase } from "../dialogue/phrase.ts";
import type { Card, Screen } from "../dialogue/screen.ts";
import { isMoot } from "../dialogue/screens/chase.ts";
import { screenOf } from "../dialogue/screens/of-delivery.ts";
import type { DeliveryId } from "../domain/ids.ts";
import type { Locale } from "../domain/language.ts";
import type { Clock } from "../ports/clock.ts";
import type { DeliveryStore } from "../ports/store/delivery-store.ts";

interface DrawParts {
  readonly deliveries: Pick<DeliveryStore, "view">;
  readonly clock: Clock;
  readonly card: (screen: Screen<Phrase>, locale: Locale) => Card;
}

/** Draws messages as they should look now, each in its reader's language; null for one that is of no use any more. */
export const drawing =
  ({ deliveries, clock, card }: DrawParts) =>
  async (ids: readonly DeliveryId[]): Promise<ReadonlyMap<DeliveryId, Card | null>> => {
    const now = clock.now();
    const views = await deliveries.view(ids, { now, real: clock.real() });
    return new Map(views.map((view) => [view.id, isMoot(view) ? null : card(screenOf(view, now), view.reader.locale)]));
  };
