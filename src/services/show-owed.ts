import type { Phrase } from "../dialogue/phrase.ts";
import type { Card, Screen } from "../dialogue/screen.ts";
import { todoScreen } from "../dialogue/screens/list.ts";
import type { Address } from "../domain/address.ts";
import type { Locale } from "../domain/language.ts";
import type { OwedStore } from "../ports/store/owed-store.ts";

interface ShowParts {
  readonly owed: OwedStore;
  readonly card: (screen: Screen<Phrase>, locale: Locale) => Card;
}

/** What whoever has an address owes, as a card, for where it stands without being sent; null for whoever is not known. */
export const showOwed =
  ({ owed, card }: ShowParts) =>
  async (address: Address): Promise<{ readonly card: Card; readonly gone: boolean } | null> => {
    const view = await owed.of(address);
    return view && { card: card(todoScreen(view), view.reader.locale), gone: view.gone };
  };
