-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "deaths" INTEGER NOT NULL DEFAULT 0;

-- Hardly ever more than a few: those that are tried anew by themselves.
CREATE INDEX "delivery_suspect" ON "delivery" ("platform") WHERE "deaths" > 0;
