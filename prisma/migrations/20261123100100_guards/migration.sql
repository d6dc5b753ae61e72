-- What may never be, refused by the database itself.

ALTER TABLE "unit"
  ADD CONSTRAINT "unit_kind" CHECK ("kind" IN ('authority', 'department', 'grassroots', 'enterprise', 'site')),
  ADD CONSTRAINT "unit_grade" CHECK ("grade" IN ('A', 'B', 'C', 'D')),
  ADD CONSTRAINT "unit_status" CHECK ("status" IN ('active', 'suspended', 'closed')),
  ADD CONSTRAINT "unit_bounds" CHECK ("lft" < "rgt"),
  ADD CONSTRAINT "unit_root" CHECK (("parent_id" IS NULL) = ("depth" = 0));
CREATE UNIQUE INDEX "unit_one_root" ON "unit" ((true)) WHERE "parent_id" IS NULL;

ALTER TABLE "post"
  ADD CONSTRAINT "post_post" CHECK ("post" IN ('principal', 'safety_manager', 'official', 'liaison', 'duty_officer',
    'inspector', 'expert', 'worker', 'report_handler', 'auditor', 'admin'));

ALTER TABLE "notice"
  ADD CONSTRAINT "notice_urgency" CHECK ("urgency" IN ('routine', 'priority', 'urgent', 'flash')),
  ADD CONSTRAINT "notice_ack" CHECK ("ack" IN ('none', 'read', 'undertake', 'evidence')),
  ADD CONSTRAINT "notice_closing" CHECK ("closing" IN ('everyone', 'each-unit', 'quorum')),
  ADD CONSTRAINT "notice_quorum" CHECK (("closing" = 'quorum') = ("quorum" IS NOT NULL) AND "quorum" > 0),
  ADD CONSTRAINT "notice_state" CHECK ("state" IN ('published', 'superseded', 'recalled', 'closed')),
  ADD CONSTRAINT "notice_due" CHECK (("due_rule" IS NULL) = ("due_at" IS NULL) AND "due_at" > "published_at");

ALTER TABLE "obligation"
  ADD CONSTRAINT "obligation_state" CHECK ("state" IN ('open', 'fulfilled', 'excused', 'cancelled')),
  ADD CONSTRAINT "obligation_fulfilled" CHECK (("state" = 'fulfilled') = ("fulfilled_at" IS NOT NULL)
    AND ("state" = 'fulfilled') = ("fulfilled_how" IS NOT NULL)),
  ADD CONSTRAINT "obligation_how" CHECK ("fulfilled_how" IN ('tap', 'proxy', 'paper')),
  ADD CONSTRAINT "obligation_excused" CHECK (("state" = 'excused') = ("excuse" IS NOT NULL)),
  ADD CONSTRAINT "obligation_needed" CHECK ("needed" > 0),
  ADD CONSTRAINT "obligation_generation" CHECK ("generation" > 0);
CREATE UNIQUE INDEX "obligation_owed_once" ON "obligation" ("notice_id", "unit_id", (coalesce("person_id", 0)));
CREATE INDEX "obligation_open_unit" ON "obligation" ("unit_id") WHERE "state" = 'open';

ALTER TABLE "answer"
  ADD CONSTRAINT "answer_how" CHECK ("how" IN ('tap', 'proxy', 'paper')),
  ADD CONSTRAINT "answer_reason" CHECK ("how" = 'tap' OR "words_cell" IS NOT NULL);
-- One standing answer a person and obligation, however often it was taken back before.
CREATE UNIQUE INDEX "answer_standing" ON "answer" ("obligation_id", "person_id") WHERE "taken_back_at" IS NULL;

ALTER TABLE "delivery"
  ADD CONSTRAINT "delivery_kind" CHECK ("kind" IN ('notice', 'reply', 'todo', 'proxy')),
  ADD CONSTRAINT "delivery_subject" CHECK (("kind" = 'notice') = ("notice_id" IS NOT NULL)),
  ADD CONSTRAINT "delivery_lane" CHECK ("lane" BETWEEN 0 AND 2),
  ADD CONSTRAINT "delivery_state" CHECK ("state" IN
    ('pending', 'sending', 'sent', 'delivered', 'seen', 'in-doubt', 'gone', 'refused')),
  ADD CONSTRAINT "delivery_lease" CHECK ("state" <> 'sending' OR ("lease_id" IS NOT NULL AND "lease_until" IS NOT NULL)),
  ADD CONSTRAINT "delivery_sent" CHECK ("state" NOT IN ('sent', 'delivered', 'seen') OR "sent_at" IS NOT NULL),
  ADD CONSTRAINT "delivery_doubt" CHECK ("state" <> 'in-doubt' OR "doubt_at" IS NOT NULL),
  ADD CONSTRAINT "delivery_failed" CHECK ("state" NOT IN ('gone', 'refused') OR "why" IS NOT NULL),
  ADD CONSTRAINT "delivery_route" CHECK (("account_id" IS NULL) = ("platform" IS NULL)
    AND ("account_id" IS NOT NULL OR "state" = 'gone')),
  ADD CONSTRAINT "delivery_revision" CHECK ("drawn_rev" <= "wanted_rev");
CREATE UNIQUE INDEX "delivery_once" ON "delivery" ((coalesce("notice_id", 0)), "person_id", "kind", "slot");
CREATE INDEX "delivery_waiting" ON "delivery" ("platform", "lane", "at", "id") WHERE "state" = 'pending';
CREATE INDEX "delivery_leased" ON "delivery" ("lease_until") WHERE "state" = 'sending';
CREATE INDEX "delivery_doubted" ON "delivery" ("platform", "doubt_at") WHERE "state" = 'in-doubt';
CREATE INDEX "delivery_stale" ON "delivery" ("platform", "id")
  WHERE "wanted_rev" > "drawn_rev" AND "state" IN ('sent', 'delivered', 'seen');
CREATE INDEX "delivery_refresh" ON "delivery" ("refresh_at") WHERE "refresh_at" IS NOT NULL;

ALTER TABLE "inbound" ADD CONSTRAINT "inbound_state" CHECK ("state" IN ('pending', 'done', 'failed'));
CREATE INDEX "inbound_waiting" ON "inbound" ("sender", "id") WHERE "state" = 'pending';

ALTER TABLE "import_run" ADD CONSTRAINT "import_run_state" CHECK ("state" IN ('staging', 'applied', 'abandoned'));
CREATE UNIQUE INDEX "import_run_one" ON "import_run" ((true)) WHERE "state" = 'staging';

-- The ledger only grows. This stops mistakes; a superuser is stopped by the signatures.
CREATE FUNCTION "ledger_only_grows"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger only grows: % on % is refused', TG_OP, TG_TABLE_NAME;
END
$$;
CREATE TRIGGER "ledger_entry_only_grows" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger_entry"
  FOR EACH STATEMENT EXECUTE FUNCTION "ledger_only_grows"();
CREATE TRIGGER "ledger_head_only_grows" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger_head"
  FOR EACH STATEMENT EXECUTE FUNCTION "ledger_only_grows"();

-- Every figure about a notice is a sum over this view: one row a recipient (through the unit where they were reached)
-- and one row an obligation. Whether an open obligation is overdue depends on service time, which the reader brings.
CREATE VIEW "coverage_fact" AS
SELECT d."notice_id", d."unit_id", d."platform", n."due_at",
       1 AS "recipients",
       (d."state" IN ('pending', 'sending'))::int AS "queued",
       (d."state" IN ('sent', 'delivered', 'seen'))::int AS "sent",
       (d."delivered_at" IS NOT NULL)::int AS "delivered",
       (d."state" = 'in-doubt')::int AS "in_doubt",
       (d."state" IN ('gone', 'refused'))::int AS "failed",
       (d."state" = 'gone')::int AS "unreachable",
       extract(epoch FROM d."sent_at" - n."published_at")::float8 AS "seconds",
       0 AS "owed", 0 AS "fulfilled", 0 AS "late", 0 AS "by_proxy", 0 AS "excused"
FROM "delivery" d JOIN "notice" n ON n."id" = d."notice_id"
WHERE d."kind" = 'notice'
UNION ALL
SELECT o."notice_id", o."unit_id", NULL, o."due_at",
       0, 0, 0, 0, 0, 0, 0, NULL,
       (o."state" IN ('open', 'fulfilled'))::int,
       (o."state" = 'fulfilled')::int,
       (o."state" = 'fulfilled' AND o."fulfilled_at" > o."due_at")::int,
       (o."state" = 'fulfilled' AND o."fulfilled_how" <> 'tap')::int,
       (o."state" = 'excused')::int
FROM "obligation" o;
