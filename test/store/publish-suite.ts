import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { calendarsOf, NO_OVERRIDES } from "../../src/calendar/calendars.ts";
import type { Audience } from "../../src/domain/audience.ts";
import { printAudience } from "../../src/domain/audience.ts";
import type { Closing, NoticeDraft } from "../../src/domain/notice.ts";
import { contentHash } from "../../src/ledger/content-hash.ts";
import { entryBytes } from "../../src/ledger/entry-bytes.ts";
import type { LedgerEvent } from "../../src/ports/ledger.ts";
import type { NoticeStore, Publication, Published } from "../../src/ports/store/notice-store.ts";
import { timetablesOf } from "../../src/services/timetables.ts";
import type { Db } from "../../src/store/client.ts";
import { noticeStore } from "../../src/store/notices.ts";
import { audiences } from "../domain/audiences.ts";
import { startOver } from "../setup/empty-tables.ts";
import type { Expected } from "./naive-addressees.ts";
import { expected } from "./naive-addressees.ts";
import { CODES, load, rosters } from "./rosters.ts";

const AT = new Date("2026-09-18T01:00:00Z");
const HOUR = { kind: "clock", minutes: 60, rule: "1h" } as const;
const PLATFORMS = ["telegram", "web"] as const;

let serial = 0;
const publication = (audience: Audience, closing: Closing, rest: Partial<NoticeDraft> = {}): Publication => ({
  draft: {
    number: `某办〔2026〕${++serial}号`,
    issuerCode: CODES[0] ?? "",
    urgency: "priority",
    ack: "undertake",
    due: HOUR,
    audience: printAudience(audience),
    closing,
    reminders: [],
    texts: [{ locale: "zh-CN", title: "防范", body: "请您查一遍通道。", hash: "h" }],
    contentHash: "h",
    ...rest,
  },
  audience,
  dueAt: new Date(AT.getTime() + 3_600_000),
  timetables: timetablesOf(calendarsOf(NO_OVERRIDES, "Asia/Shanghai", true), { due: HOUR, reminders: [] }, AT),
  seconds: 30,
  at: AT,
  platforms: PLATFORMS,
});

const event = ({ draft }: Publication, made: Published): LedgerEvent => ({
  kind: "published",
  at: AT,
  actor: "operator",
  contentHash: draft.contentHash,
  how: "command",
  subject: {
    notice: draft.number,
    obligations: String(made.obligations),
    recipients: String(made.recipients),
    set: made.recipientSet,
  },
});

/** What stands in the tables for a notice, in the words of the naive evaluator. */
const written = async (db: Db, notice: bigint): Promise<Omit<Expected, "units" | "excluded">> => {
  const rows = await db.$queryRaw<{ what: keyof Expected; row: string }[]>`
    SELECT 'obligations' AS "what", u."code" || ' ' || coalesce((o."person_id" - 1)::text, '-') || ' ' || o."needed" || ' ' || o."state" AS "row"
    FROM "obligation" o JOIN "unit" u ON u."id" = o."unit_id" WHERE o."notice_id" = ${notice}
    UNION ALL
    SELECT 'asked', u."code" || ' ' || (k."person_id" - 1) || ' ' || CASE WHEN k."deputy" THEN 'deputy:' ELSE '' END || k."post"
    FROM "asked" k JOIN "obligation" o ON o."id" = k."obligation_id" JOIN "unit" u ON u."id" = o."unit_id"
    WHERE o."notice_id" = ${notice}
    UNION ALL
    SELECT 'deliveries', (d."person_id" - 1) || ' ' || u."code" || ' ' || d."state" || ' ' || coalesce(d."why", (d."account_id" - 1)::text)
    FROM "delivery" d JOIN "unit" u ON u."id" = d."unit_id" WHERE d."notice_id" = ${notice}`;
  const of = (kind: keyof Expected) =>
    rows
      .filter(({ what }) => what === kind)
      .map(({ row }) => row)
      .sort();
  return { obligations: of("obligations"), asked: of("asked"), deliveries: of("deliveries") };
};

const closings: fc.Arbitrary<Closing> = fc.oneof(
  fc.constant<Closing>({ kind: "each-unit" }),
  fc.record({ kind: fc.constant("quorum" as const), needed: fc.integer({ min: 1, max: 3 }) }),
);

/** What every database must make of a publication. */
export const publishSuite = (database: () => Db, numRuns: number): void => {
  let db: Db;
  let notices: NoticeStore;
  beforeAll(() => {
    db = database();
    notices = noticeStore(db, entryBytes);
  });

  const check = async (roster: Parameters<typeof expected>[0], audience: Audience, closing: Closing) => {
    const asked = publication(audience, closing);
    const { units, excluded, ...rows } = expected(roster, audience, closing, PLATFORMS);
    const preview = await notices.preview(asked);
    const made = await notices.publish(asked, (result) => [event(asked, result)]);
    if (typeof made === "string") {
      expect({ audience, made, units }).toEqual({ audience, made: "nobody", units: 0 });
      expect(preview).toBe("nobody");
      return;
    }
    expect({ audience, ...(await written(db, made.notice)) }).toEqual({ audience, ...rows });
    const people = rows.deliveries.map((row) => `person-${row.split(" ")[0]}`);
    const counts = {
      units,
      excluded,
      obligations: rows.obligations.filter((row) => row.endsWith("open")).length,
      recipients: rows.deliveries.length,
      recipientSet: contentHash.people(people),
    };
    expect(made).toMatchObject(counts);
    expect(preview).toMatchObject(counts);
  };

  describe("publishing", () => {
    it("asks whoever answers for each unit, by the rule of the contract", async () => {
      const several = fc.array(fc.tuple(audiences({ codes: CODES, posts: false }), closings), {
        minLength: 3,
        maxLength: 3,
      });
      await fc.assert(
        fc.asyncProperty(rosters, several, async (roster, cases) => {
          await load(db, roster);
          await check(roster, { kind: "all" }, { kind: "each-unit" });
          for (const [audience, closing] of cases) await check(roster, audience, closing);
        }),
        { numRuns },
      );
    }, 90_000);

    it("asks every holder of the offices that an audience names, and workers only where it names them", async () => {
      const everyone = fc.constant<Closing>({ kind: "everyone" });
      const cases = fc.array(fc.tuple(audiences({ codes: CODES, posts: true }), fc.oneof(closings, everyone)), {
        minLength: 3,
        maxLength: 3,
      });
      await fc.assert(
        fc.asyncProperty(rosters, cases, async (roster, several) => {
          await load(db, roster);
          for (const [audience, closing] of several) {
            const named: Audience = { kind: "or", of: [{ kind: "post", value: "principal" }, audience] };
            await check(roster, named, closing);
          }
        }),
        { numRuns },
      );
    }, 90_000);

    it("writes nothing where it is only tried, where the number is taken, and where nobody is meant", async () => {
      const people = [{ unit: 0, person: 0, post: "principal", deputy: false }] as const;
      const unit = {
        code: CODES[0] ?? "",
        kind: "site",
        industries: [],
        siteTypes: [],
        grade: null,
        watch: false,
      } as const;
      const place = { parent: null, lft: 1, rgt: 2, depth: 0 };
      const units = [{ ...unit, ...place, status: "active" as const }];
      await load(db, { units, people: 1, accounts: [], posts: people });
      const rows = async () => [await db.notice.count(), await db.obligation.count(), await db.ledgerInbox.count()];
      await db.ledgerInbox.deleteMany();
      const asked = publication({ kind: "all" }, { kind: "each-unit" });
      await notices.preview(asked);
      expect(await rows()).toEqual([0, 0, 0]);
      const nobody = publication({ kind: "watch" }, { kind: "each-unit" });
      expect(await notices.publish(nobody, (made) => [event(nobody, made)])).toBe("nobody");
      expect(await rows()).toEqual([0, 0, 0]);
      const both = await Promise.all([1, 2].map(() => notices.publish(asked, (made) => [event(asked, made)])));
      expect(both.filter((made) => made === "number-taken")).toHaveLength(1);
      expect(await notices.preview(asked)).toBe("number-taken");
      expect(await rows()).toEqual([1, 1, 1]);
    });

    it("reaches a person over the platform that is preferred, as long as it works there", async () => {
      const reached = async (at: number, gone: readonly string[]) => {
        await startOver(db, "notice", "account");
        for (const platform of ["slack", "web", "telegram"] as const)
          await db.account.create({
            data: {
              personId: 1n,
              platform,
              addressCell: Buffer.from([at]),
              addressIndex: Buffer.from([at]),
              gone: gone.includes(platform) ? "blocked" : null,
            },
          });
        const asked = publication({ kind: "all" }, { kind: "each-unit" });
        await notices.publish(asked, (made) => [event(asked, made)]);
        const { platform, state, why } = await db.delivery.findFirstOrThrow();
        return [platform, state, why];
      };
      expect(await reached(1, [])).toEqual(["telegram", "pending", null]);
      expect(await reached(2, ["telegram"])).toEqual(["web", "pending", null]);
      // Slack is not switched on here.
      expect(await reached(3, ["telegram", "web"])).toEqual([null, "gone", "account-gone"]);
    });

    it("writes no obligation where nothing is asked, and still tells everybody", async () => {
      const asked = publication({ kind: "all" }, { kind: "each-unit" }, { ack: "none" });
      const made = await notices.publish(asked, (result) => [event(asked, result)]);
      expect(made).toMatchObject({ units: 1, obligations: 0, excluded: 0, recipients: 1 });
    });

    it("writes nothing at all when the last row of it cannot be written", async () => {
      const before = await db.notice.count();
      const asked = publication({ kind: "all" }, { kind: "each-unit" });
      const broken = () => {
        throw new Error("no ledger");
      };
      await expect(notices.publish(asked, broken)).rejects.toThrow("no ledger");
      expect(await db.notice.count()).toBe(before);
    });

    it("knows which codes nobody has", async () => {
      expect(await notices.unknownCodes([CODES[0] ?? "", "'); drop", "nowhere"])).toEqual(["'); drop", "nowhere"]);
      expect(await notices.unknownCodes([])).toEqual([]);
    });
  });
};
