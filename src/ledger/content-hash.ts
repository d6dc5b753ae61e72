import type { ContentHash } from "../ports/ledger.ts";
import { canonical, type Plain } from "./canonical.ts";
import { sha256 } from "./hash.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const hash = (value: Plain): string => hex(sha256(canonical(value)));

export const contentHash: ContentHash = {
  text: ({ number, locale, title, body }) => hash({ number, locale, title, body }),
  notice: ({ number, issuer, urgency, ack, due, audience, closing, reminders, texts }) =>
    hash({
      number,
      issuer,
      urgency,
      ack,
      due,
      audience,
      closing,
      reminders,
      texts: texts.map(({ locale, hash: version }) => ({ locale, hash: version })),
    }),
  recall: ({ number, reason }) => hash({ number, reason }),
  people: (uids) =>
    hex(
      sha256(
        uids
          .map((uid) => Buffer.from(uid))
          .sort(Buffer.compare)
          .join(","),
      ),
    ),
};
