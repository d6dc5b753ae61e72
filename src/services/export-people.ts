import { postText } from "../domain/post.ts";
import { ID_PLATFORMS, phoneAsWritten } from "../domain/roster-account.ts";
import type { Cell } from "../ports/sheet.ts";
import type { Holder } from "../ports/store/export-store.ts";
import { type ExportParts, type ExportRequest, type ExportResult, stretches } from "./export-parts.ts";

const COLUMNS = ["name", "unit", "post", "locale", "phone", ...ID_PLATFORMS, "web"];

/** The addresses on a platform that work; where none does, the last resort is one that does not any more. */
const addressesOn = ({ accounts }: Holder, platform: string): readonly string[] => {
  const all = accounts.filter((account) => account.platform === platform);
  const working = all.filter(({ gone }) => !gone);
  return (working.length > 0 ? working : all.slice(0, 1)).map(({ address }) => address);
};

/**
 * A row as people.csv has it. Whoever has two accounts on one platform has a second row for their first post, in which
 * everything else stands again, so that an import finds the same person.
 */
const rowsOf = (holder: Holder): readonly (readonly Cell[])[] => {
  const { name, unit, post, deputy, locale, phone, isFirst, accounts } = holder;
  const addresses = ID_PLATFORMS.map((platform) => addressesOn(holder, platform));
  const count = isFirst ? Math.max(1, ...addresses.map(({ length }) => length)) : 1;
  return Array.from({ length: count }, (_, at) => [
    name,
    unit,
    postText({ post, deputy }),
    locale,
    phone === null ? null : phoneAsWritten(phone),
    ...addresses.map((each) => each[at] ?? each[0] ?? null),
    accounts.some(({ platform }) => platform === "web") ? "yes" : null,
  ]);
};

async function* pagesOf(holders: AsyncIterable<readonly Holder[]>) {
  for await (const page of holders) yield page.flatMap(rowsOf);
}

/**
 * Everybody in each of their posts, as people.csv has it: what leaves is what an import reads. That names, phones and ids
 * left is told to the ledger before the first of them does.
 */
export const exportPeople = async ({ exports, clock }: ExportParts, request: ExportRequest): Promise<ExportResult> => {
  const extent = await exports.holderExtent(request.under);
  if (!extent) return { kind: "unknown-unit" };
  await exports.tell({
    kind: "exported",
    at: clock.now(),
    actor: "operator",
    subject: { what: "people", rows: String(extent.rows), under: request.under ?? "" },
    contentHash: null,
    how: "command",
  });
  const pages = pagesOf(stretches(extent, request, exports.holders));
  return { kind: "table", columns: COLUMNS, total: extent.rows, pages };
};
