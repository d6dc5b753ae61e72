import { setTimeout as sleep } from "node:timers/promises";
import { isConflict, isCut } from "./away.ts";

/** After a conflict; a lost connection is tried again once, for where there is no other it only costs time. */
const MOST_RETRIES = 3;
const SHORTEST_REST_MS = 10;

/** Whoever met once must not meet again for being equally patient. */
const rest = (retries: number) => sleep(SHORTEST_REST_MS * 2 ** retries * (0.5 + Math.random()));

/** Thrown within a transaction whose ground somebody else has moved meanwhile. */
export class Overtaken extends Error {}

/**
 * Runs a transaction, and again where it met with another one, or once where its connection was lost. It may have been
 * committed all the same: what it does must be harmless to begin anew.
 */
export const retrying = async <Done>(transaction: () => Promise<Done>): Promise<Done> => {
  for (let retries = 0, cuts = 0; ; retries++) {
    try {
      return await transaction();
    } catch (error) {
      const again = error instanceof Overtaken || isConflict(error) || (isCut(error) && cuts++ === 0);
      if (!again || retries >= MOST_RETRIES) throw error;
      await rest(retries);
    }
  }
};
