import type { EntryBytes } from "../ports/ledger.ts";
import type { AmendStore, Replaced, Replacement, ReplacementPreview, Unreplaced } from "../ports/store/amend-store.ts";
import { carryOver } from "./carry-sql.ts";
import type { Db } from "./client.ts";
import type { Prisma } from "./generated/client.ts";
import { analyse, LONGEST_MS, unpublished, writePublication } from "./notices.ts";
import { publicationSummary } from "./publication-summary.ts";
import { publishTurn } from "./publish-turn.ts";
import { renewalSummary } from "./renewal-summary.ts";
import { retrying } from "./retrying.ts";
import { RolledBack } from "./rolled-back.ts";
import { type Held, holdStanding } from "./standing.ts";
import { cancelOpen, holdObligations, redrawLists, tellOnce, withdrawCards } from "./withdraw.ts";

type Tx = Prisma.TransactionClient;
type Ended = { readonly old: bigint; readonly done: Replaced } | Unreplaced;

const NOTHING = { carried: 0, carriedOver: [] };

const replace = async (tx: Tx, old: Held, { publication, keepsAnswers }: Replacement): Promise<Replaced> => {
  const { at: now, platforms } = publication;
  await holdObligations(tx, old.id);
  const published = await writePublication(tx, publication, old);
  const answers = keepsAnswers(old) ? await carryOver(tx, old.id, published.notice) : NOTHING;
  const cancelled = await cancelOpen(tx, old.id);
  const stopped = await withdrawCards(tx, old.id, now);
  const told = await tellOnce(tx, "released", old.id, { platforms, now, but: published.notice });
  await redrawLists(tx, old.id);
  await tx.notice.update({ where: { id: old.id }, data: { state: "superseded", endedAt: now } });
  return { ...published, ...answers, cancelled, stopped, told, version: old.version + 1, old };
};

/** Everything that superseding writes but the ledger's rows. */
const write = async (tx: Tx, what: Replacement): Promise<Ended> => {
  // Before anything else is held, in the order in which an import holds it.
  await publishTurn(tx);
  const old = await holdStanding(tx, what.replaces);
  return "kind" in old ? old : { old: old.id, done: await replace(tx, old, what) };
};

const unwritten = (error: unknown): Unreplaced => ({ kind: unpublished(error) });

const tell = async (tx: Tx, bodies: readonly Uint8Array[]): Promise<void> => {
  await tx.$executeRaw`
    INSERT INTO "ledger_inbox" ("body")
    SELECT decode(e."body", 'base64')
    FROM unnest(${bodies.map((body) => Buffer.from(body).toString("base64"))}::text[]) WITH ORDINALITY AS e("body", "at")
    ORDER BY e."at"`;
};

export const supersedes = (db: Db, entryBytes: EntryBytes): Pick<AmendStore, "supersede" | "previewSupersede"> => ({
  supersede: (what, entries) =>
    retrying(() =>
      db.$transaction(
        async (tx) => {
          const ended = await write(tx, what);
          if ("kind" in ended) return ended;
          await tell(tx, entries(ended.done).map(entryBytes));
          await analyse(tx);
          return ended.done;
        },
        { timeout: LONGEST_MS },
      ),
    ).catch(unwritten),

  previewSupersede: (what) =>
    retrying(() =>
      db.$transaction(
        async (tx): Promise<never> => {
          const ended = await write(tx, what);
          if ("kind" in ended) throw new RolledBack(ended);
          const { carriedOver: _, ...done } = ended.done;
          const summary = await publicationSummary(tx, done.notice);
          throw new RolledBack({ ...done, ...summary, ...(await renewalSummary(tx, ended.old, done.notice)) });
        },
        { timeout: LONGEST_MS },
      ),
    ).catch((error) => {
      if (error instanceof RolledBack && error.result !== "nobody")
        return error.result as ReplacementPreview | Unreplaced;
      return unwritten(error);
    }),
});
