-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "held_at" TIMESTAMPTZ(3);

CREATE INDEX "delivery_held" ON "delivery" ("notice_id") WHERE "held_at" IS NOT NULL AND "state" = 'in-doubt';
