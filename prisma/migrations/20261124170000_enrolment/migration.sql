-- CreateTable
CREATE TABLE "invitation" (
    "id" BIGSERIAL NOT NULL,
    "code_hash" BYTEA NOT NULL,
    "unit_id" BIGINT NOT NULL,
    "post" TEXT NOT NULL,
    "deputy" BOOLEAN NOT NULL,
    "uses" INTEGER NOT NULL,
    "used" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "guest" (
    "person_id" BIGINT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "kept" BYTEA,

    CONSTRAINT "guest_pkey" PRIMARY KEY ("person_id")
);

-- CreateTable
CREATE TABLE "draft" (
    "id" BIGSERIAL NOT NULL,
    "person_id" BIGINT NOT NULL,
    "form" TEXT NOT NULL,
    "body" BYTEA NOT NULL,
    "card_id" BIGINT,
    "ended" BOOLEAN NOT NULL DEFAULT false,
    "touched_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "draft_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "enrolment" (
    "id" BIGSERIAL NOT NULL,
    "invitation_id" BIGINT NOT NULL,
    "person_id" BIGINT,
    "candidate_id" BIGINT,
    "needs" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "enrolment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "consent" (
    "person_id" BIGINT NOT NULL,
    "version" INTEGER NOT NULL,
    "locale" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "consent_pkey" PRIMARY KEY ("person_id","version")
);

-- CreateTable
CREATE TABLE "stranger_try" (
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "key" BYTEA NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "stranger_try_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "invitation_code_hash_key" ON "invitation"("code_hash");

-- CreateIndex
CREATE INDEX "invitation_unit_id_idx" ON "invitation"("unit_id");

-- CreateIndex
CREATE INDEX "guest_until_idx" ON "guest"("until");

-- CreateIndex
CREATE INDEX "draft_expires_at_idx" ON "draft"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "draft_person_id_form_key" ON "draft"("person_id", "form");

-- CreateIndex
CREATE INDEX "enrolment_person_id_idx" ON "enrolment"("person_id");

-- CreateIndex
CREATE INDEX "enrolment_candidate_id_idx" ON "enrolment"("candidate_id");

-- CreateIndex
CREATE INDEX "enrolment_invitation_id_idx" ON "enrolment"("invitation_id");

-- CreateIndex
CREATE INDEX "stranger_try_kind_at_idx" ON "stranger_try"("kind", "at");

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "unit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "guest" ADD CONSTRAINT "guest_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "draft" ADD CONSTRAINT "draft_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "enrolment" ADD CONSTRAINT "enrolment_invitation_id_fkey" FOREIGN KEY ("invitation_id") REFERENCES "invitation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "enrolment" ADD CONSTRAINT "enrolment_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "enrolment" ADD CONSTRAINT "enrolment_candidate_id_fkey" FOREIGN KEY ("candidate_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consent" ADD CONSTRAINT "consent_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "delivery"
  DROP CONSTRAINT "delivery_kind",
  ADD CONSTRAINT "delivery_kind" CHECK ("kind" IN
    ('notice', 'recalled', 'released', 'reply', 'todo', 'proxy', 'form', 'approval'));

ALTER TABLE "invitation"
  ADD CONSTRAINT "invitation_post" CHECK ("post" IN ('principal', 'safety_manager', 'official', 'liaison', 'duty_officer',
    'inspector', 'expert', 'worker', 'report_handler', 'auditor', 'admin')),
  ADD CONSTRAINT "invitation_uses" CHECK ("uses" > 0 AND "used" BETWEEN 0 AND "uses");

ALTER TABLE "enrolment"
  ADD CONSTRAINT "enrolment_needs" CHECK ("needs" IN ('above', 'self')),
  ADD CONSTRAINT "enrolment_state" CHECK ("state" IN ('waiting', 'approved', 'refused'));
-- One wish at a time; repeating it is no second one.
CREATE UNIQUE INDEX "enrolment_waiting" ON "enrolment" ("person_id") WHERE "state" = 'waiting';

ALTER TABLE "stranger_try" ADD CONSTRAINT "stranger_try_kind" CHECK ("kind" IN ('code', 'hello'));
