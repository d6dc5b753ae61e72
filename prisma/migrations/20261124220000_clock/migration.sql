-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "bypass" TEXT,
ADD COLUMN     "push_day" TEXT,
ADD COLUMN     "until" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "notice" ADD COLUMN     "due_provisional" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "obligation" ADD COLUMN     "next_at" TIMESTAMPTZ(3),
ADD COLUMN     "next_step" SMALLINT NOT NULL DEFAULT 0,
ADD COLUMN     "plan_id" BIGINT;

-- CreateTable
CREATE TABLE "plan" (
    "id" BIGSERIAL NOT NULL,
    "notice_id" BIGINT NOT NULL,
    "lft" INTEGER NOT NULL,
    "rgt" INTEGER NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "provisional" BOOLEAN NOT NULL,

    CONSTRAINT "plan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "plan_step" (
    "plan_id" BIGINT NOT NULL,
    "step" SMALLINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "deeds" TEXT[],
    "any_hour" BOOLEAN NOT NULL,

    CONSTRAINT "plan_step_pkey" PRIMARY KEY ("plan_id","step")
);

-- CreateTable
CREATE TABLE "rung" (
    "obligation_id" BIGINT NOT NULL,
    "generation" INTEGER NOT NULL,
    "step" SMALLINT NOT NULL,
    "planned_at" TIMESTAMPTZ(3) NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rung_pkey" PRIMARY KEY ("obligation_id","generation","step")
);

-- CreateTable
CREATE TABLE "task" (
    "id" BIGSERIAL NOT NULL,
    "obligation_id" BIGINT NOT NULL,
    "generation" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "unit_id" BIGINT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "done_at" TIMESTAMPTZ(3),
    "done_by_id" BIGINT,

    CONSTRAINT "task_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "leave" (
    "id" BIGSERIAL NOT NULL,
    "person_id" BIGINT NOT NULL,
    "stand_in_id" BIGINT NOT NULL,
    "from_at" TIMESTAMPTZ(3) NOT NULL,
    "until_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "leave_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "clock_turn" (
    "name" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "clock_turn_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "calendar_day" (
    "id" BIGSERIAL NOT NULL,
    "unit_id" BIGINT,
    "day" TEXT NOT NULL,
    "works" BOOLEAN NOT NULL,
    "hours" TEXT,
    "name" TEXT,

    CONSTRAINT "calendar_day_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "calendar_unit" (
    "id" BIGSERIAL NOT NULL,
    "unit_id" BIGINT,
    "zone" TEXT,
    "hours" TEXT,

    CONSTRAINT "calendar_unit_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "plan_notice_id_idx" ON "plan"("notice_id");

-- CreateIndex
CREATE INDEX "task_unit_id_idx" ON "task"("unit_id");

-- CreateIndex
CREATE UNIQUE INDEX "task_obligation_id_generation_kind_key" ON "task"("obligation_id", "generation", "kind");

-- CreateIndex
CREATE INDEX "leave_person_id_idx" ON "leave"("person_id");

-- CreateIndex
CREATE UNIQUE INDEX "calendar_day_unit_id_day_key" ON "calendar_day"("unit_id", "day") NULLS NOT DISTINCT;

-- CreateIndex
CREATE UNIQUE INDEX "calendar_unit_unit_id_key" ON "calendar_unit"("unit_id") NULLS NOT DISTINCT;

ALTER TABLE "plan_step"
  ADD CONSTRAINT "plan_step_step" CHECK ("step" >= 0),
  ADD CONSTRAINT "plan_step_deeds" CHECK ("deeds" <@ ARRAY['remind', 'deputy', 'above', 'above-2', 'phone', 'visit']
    AND cardinality("deeds") > 0);
ALTER TABLE "obligation" ADD CONSTRAINT "obligation_planned" CHECK ("next_at" IS NULL OR "plan_id" IS NOT NULL);
ALTER TABLE "task"
  ADD CONSTRAINT "task_kind" CHECK ("kind" IN ('phone', 'visit')),
  ADD CONSTRAINT "task_done" CHECK (("done_at" IS NULL) = ("done_by_id" IS NULL));
ALTER TABLE "leave" ADD CONSTRAINT "leave_lasts" CHECK ("from_at" < "until_at" AND "stand_in_id" <> "person_id");
ALTER TABLE "calendar_day"
  ADD CONSTRAINT "calendar_day_day" CHECK ("day" ~ '^\d{4}-\d{2}-\d{2}$'),
  ADD CONSTRAINT "calendar_day_hours" CHECK ("hours" IS NULL OR "works");

-- What is due, what falls due, what waits for a digest, how often somebody was disturbed today: each by its own small index.
CREATE INDEX "obligation_next" ON "obligation" ("next_at") WHERE "state" = 'open' AND "next_at" IS NOT NULL;
CREATE INDEX "obligation_falls_due" ON "obligation" ("due_at") WHERE "state" = 'open' AND "plan_id" IS NOT NULL;
CREATE INDEX "obligation_stuck" ON "obligation" ("plan_id") WHERE "state" = 'open' AND "plan_id" IS NOT NULL AND "next_at" IS NULL;
CREATE INDEX "task_open" ON "task" ("unit_id") WHERE "done_at" IS NULL;
CREATE INDEX "delivery_pushed" ON "delivery" ("push_day", "person_id") WHERE "push_day" IS NOT NULL;
CREATE INDEX "delivery_folded" ON "delivery" ("person_id") WHERE "state" = 'folded';
CREATE INDEX "delivery_closing" ON "delivery" ("until") WHERE "state" = 'pending' AND "until" IS NOT NULL;
CREATE INDEX "delivery_of_unit" ON "delivery" ("unit_id") WHERE "kind" IN ('deputy', 'above', 'task');

-- Messages of the clock: a reminder of a notice, a call to a deputy, what is overdue below a unit, what its people have to
-- do themselves, and the morning's digest. `folded`: it is told in the next digest and does not go out by itself. Of these
-- `stopped` says that it was no longer of use when its turn came.
ALTER TABLE "delivery"
  DROP CONSTRAINT "delivery_kind",
  DROP CONSTRAINT "delivery_subject",
  DROP CONSTRAINT "delivery_state",
  DROP CONSTRAINT "delivery_stopped",
  ADD CONSTRAINT "delivery_kind" CHECK ("kind" IN
    ('notice', 'recalled', 'released', 'reply', 'todo', 'proxy', 'form', 'approval', 'reminder', 'deputy', 'above', 'task', 'digest')),
  ADD CONSTRAINT "delivery_subject" CHECK
    (("kind" IN ('notice', 'recalled', 'released', 'reminder', 'deputy')) = ("notice_id" IS NOT NULL)),
  ADD CONSTRAINT "delivery_state" CHECK ("state" IN
    ('pending', 'folded', 'sending', 'sent', 'delivered', 'seen', 'in-doubt', 'gone', 'refused', 'stopped')),
  ADD CONSTRAINT "delivery_stopped" CHECK ("state" <> 'stopped' OR "withdrawn"
    OR "kind" IN ('reminder', 'deputy', 'above', 'task', 'digest')),
  ADD CONSTRAINT "delivery_bypass" CHECK ("bypass" IN ('urgent', 'flash', 'legal-clock'));

-- What waits for a digest is on its way.
CREATE OR REPLACE VIEW "coverage_fact" AS
SELECT d."notice_id", d."unit_id", d."platform", n."due_at",
       (d."state" <> 'stopped')::int AS "recipients",
       (d."state" IN ('pending', 'folded', 'sending'))::int AS "queued",
       (d."state" IN ('sent', 'delivered', 'seen'))::int AS "sent",
       (d."delivered_at" IS NOT NULL)::int AS "delivered",
       (d."state" = 'in-doubt')::int AS "in_doubt",
       (d."state" IN ('gone', 'refused'))::int AS "failed",
       (d."state" = 'gone')::int AS "unreachable",
       extract(epoch FROM d."sent_at" - n."published_at")::float8 AS "seconds",
       0 AS "owed", 0 AS "fulfilled", 0 AS "late", 0 AS "by_proxy", 0 AS "excused",
       (d."state" = 'stopped')::int AS "stopped", 0 AS "cancelled"
FROM "delivery" d JOIN "notice" n ON n."id" = d."notice_id"
WHERE d."kind" = 'notice'
UNION ALL
SELECT o."notice_id", o."unit_id", NULL, o."due_at",
       0, 0, 0, 0, 0, 0, 0, NULL,
       (o."state" IN ('open', 'fulfilled'))::int,
       (o."state" = 'fulfilled')::int,
       (o."state" = 'fulfilled' AND o."fulfilled_at" > o."due_at")::int,
       (o."state" = 'fulfilled' AND o."fulfilled_how" <> 'tap')::int,
       (o."state" = 'excused')::int,
       0, (o."state" = 'cancelled')::int
FROM "obligation" o;
