-- AlterTable
ALTER TABLE "person" ADD COLUMN     "locale_chosen" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "released" (
    "obligation_id" BIGINT NOT NULL,
    "person_id" BIGINT NOT NULL,
    "post" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "released_pkey" PRIMARY KEY ("person_id","obligation_id")
);

-- CreateIndex
CREATE INDEX "released_obligation_id_idx" ON "released"("obligation_id");

-- AddForeignKey
ALTER TABLE "released" ADD CONSTRAINT "released_obligation_id_fkey" FOREIGN KEY ("obligation_id") REFERENCES "obligation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "released" ADD CONSTRAINT "released_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A dry run stages as an import does, without taking anybody's turn, and is never applied.
ALTER TABLE "import_run"
  DROP CONSTRAINT "import_run_state",
  ADD CONSTRAINT "import_run_state" CHECK ("state" IN ('staging', 'applied', 'abandoned', 'trial'));
