import type { DeliveryView } from "../../dialogue/view.ts";
import type { Address } from "../../domain/address.ts";

/** What somebody owes, outside of any message. */
export interface OwedView extends Pick<DeliveryView, "reader" | "todo"> {
  /** Nothing reached them at this address until now. */
  readonly gone: boolean;
}

export interface OwedStore {
  /** Null for an address of nobody, or of somebody who is not enrolled. */
  of(address: Address): Promise<OwedView | null>;
}
