-- AlterTable
ALTER TABLE "answer" ADD COLUMN     "carried_from" BIGINT;

-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "maybe_sent" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "withdrawn" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "notice" ADD COLUMN     "ended_at" TIMESTAMPTZ(3),
ADD COLUMN     "recall_reason" TEXT,
ADD COLUMN     "supersedes_id" BIGINT;

-- CreateIndex
CREATE UNIQUE INDEX "notice_supersedes_id_key" ON "notice"("supersedes_id");

-- AddForeignKey
ALTER TABLE "notice" ADD CONSTRAINT "notice_supersedes_id_fkey" FOREIGN KEY ("supersedes_id") REFERENCES "notice"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What may never be.
ALTER TABLE "notice"
  ADD CONSTRAINT "notice_reason" CHECK ("recall_reason" IS NULL OR "state" = 'recalled'),
  ADD CONSTRAINT "notice_ended" CHECK ("ended_at" IS NULL OR "state" <> 'published'),
  ADD CONSTRAINT "notice_version" CHECK ("version" > 0 AND ("supersedes_id" IS NULL OR "version" > 1)),
  ADD CONSTRAINT "notice_not_itself" CHECK ("supersedes_id" <> "id");

-- `recalled` and `released` tell people once that a notice is over, or over for them. A message of a notice that was
-- withdrawn never waits to be sent, and is under way only where it had begun to leave.
ALTER TABLE "delivery"
  DROP CONSTRAINT "delivery_kind",
  DROP CONSTRAINT "delivery_subject",
  DROP CONSTRAINT "delivery_state",
  ADD CONSTRAINT "delivery_kind" CHECK ("kind" IN ('notice', 'recalled', 'released', 'reply', 'todo', 'proxy')),
  ADD CONSTRAINT "delivery_subject" CHECK (("kind" IN ('notice', 'recalled', 'released')) = ("notice_id" IS NOT NULL)),
  ADD CONSTRAINT "delivery_state" CHECK ("state" IN
    ('pending', 'sending', 'sent', 'delivered', 'seen', 'in-doubt', 'gone', 'refused', 'stopped')),
  ADD CONSTRAINT "delivery_withdrawn" CHECK (NOT "withdrawn" OR "kind" = 'notice' AND "state" <> 'pending'
    AND ("state" <> 'sending' OR "begun_at" IS NOT NULL)),
  ADD CONSTRAINT "delivery_stopped" CHECK ("state" <> 'stopped' OR "withdrawn");

-- Whoever was never sent a notice because it was withdrawn in time is no recipient of it; what was still open then is
-- owed by nobody. Both are counted apart.
CREATE OR REPLACE VIEW "coverage_fact" AS
SELECT d."notice_id", d."unit_id", d."platform", n."due_at",
       (d."state" <> 'stopped')::int AS "recipients",
       (d."state" IN ('pending', 'sending'))::int AS "queued",
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
