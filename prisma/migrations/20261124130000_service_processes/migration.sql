-- CreateTable
CREATE TABLE "service_process" (
    "id" TEXT NOT NULL,
    "roles" TEXT[],
    "version" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "service_process_pkey" PRIMARY KEY ("id")
);

-- Events that were given up are few, and counted every few seconds.
CREATE INDEX "inbound_failed" ON "inbound" ("id") WHERE "state" = 'failed';
