-- CreateTable
CREATE TABLE "unit" (
    "id" BIGSERIAL NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "parent_id" BIGINT,
    "division" TEXT,
    "industries" TEXT[],
    "site_types" TEXT[],
    "grade" TEXT,
    "watch" BOOLEAN NOT NULL DEFAULT false,
    "status" TEXT NOT NULL DEFAULT 'active',
    "lft" INTEGER NOT NULL,
    "rgt" INTEGER NOT NULL,
    "depth" INTEGER NOT NULL,

    CONSTRAINT "unit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "person" (
    "id" BIGSERIAL NOT NULL,
    "uid" TEXT NOT NULL,
    "locale" TEXT,
    "large_type" BOOLEAN NOT NULL DEFAULT false,
    "name_cell" BYTEA NOT NULL,
    "name_index" BYTEA NOT NULL,
    "phone_cell" BYTEA,
    "phone_index" BYTEA,

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "person_key" (
    "person_id" BIGINT NOT NULL,
    "wrapped" BYTEA NOT NULL,

    CONSTRAINT "person_key_pkey" PRIMARY KEY ("person_id")
);

-- CreateTable
CREATE TABLE "account" (
    "id" BIGSERIAL NOT NULL,
    "person_id" BIGINT NOT NULL,
    "platform" TEXT NOT NULL,
    "address_cell" BYTEA NOT NULL,
    "address_index" BYTEA NOT NULL,
    "gone" TEXT,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "post" (
    "id" BIGSERIAL NOT NULL,
    "unit_id" BIGINT NOT NULL,
    "person_id" BIGINT NOT NULL,
    "post" TEXT NOT NULL,
    "deputy" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "post_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notice" (
    "id" BIGSERIAL NOT NULL,
    "number" TEXT NOT NULL,
    "issuer_id" BIGINT NOT NULL,
    "urgency" TEXT NOT NULL,
    "ack" TEXT NOT NULL,
    "closing" TEXT NOT NULL,
    "quorum" INTEGER,
    "audience" TEXT NOT NULL,
    "due_rule" TEXT,
    "due_at" TIMESTAMPTZ(3),
    "reminders" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'published',
    "version" INTEGER NOT NULL DEFAULT 1,
    "content_hash" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "seconds" INTEGER NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "notice_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notice_text" (
    "notice_id" BIGINT NOT NULL,
    "locale" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "notice_text_pkey" PRIMARY KEY ("notice_id","locale")
);

-- CreateTable
CREATE TABLE "obligation" (
    "id" BIGSERIAL NOT NULL,
    "notice_id" BIGINT NOT NULL,
    "unit_id" BIGINT NOT NULL,
    "person_id" BIGINT,
    "needed" INTEGER NOT NULL DEFAULT 1,
    "state" TEXT NOT NULL DEFAULT 'open',
    "generation" INTEGER NOT NULL DEFAULT 1,
    "due_at" TIMESTAMPTZ(3),
    "fulfilled_at" TIMESTAMPTZ(3),
    "fulfilled_how" TEXT,
    "excuse" TEXT,

    CONSTRAINT "obligation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "asked" (
    "obligation_id" BIGINT NOT NULL,
    "person_id" BIGINT NOT NULL,
    "post" TEXT NOT NULL,
    "deputy" BOOLEAN NOT NULL,

    CONSTRAINT "asked_pkey" PRIMARY KEY ("person_id","obligation_id")
);

-- CreateTable
CREATE TABLE "answer" (
    "id" BIGSERIAL NOT NULL,
    "obligation_id" BIGINT NOT NULL,
    "generation" INTEGER NOT NULL,
    "person_id" BIGINT NOT NULL,
    "how" TEXT NOT NULL,
    "words_cell" BYTEA,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "late" BOOLEAN NOT NULL,
    "taken_back_at" TIMESTAMPTZ(3),

    CONSTRAINT "answer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "delivery" (
    "id" BIGSERIAL NOT NULL,
    "notice_id" BIGINT,
    "person_id" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "slot" TEXT NOT NULL DEFAULT '',
    "unit_id" BIGINT,
    "account_id" BIGINT,
    "platform" TEXT,
    "lane" SMALLINT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "why" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "lease_id" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "begun_at" TIMESTAMPTZ(3),
    "doubt_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "repeats" INTEGER NOT NULL DEFAULT 0,
    "round" INTEGER NOT NULL DEFAULT 1,
    "ref" TEXT,
    "wanted_rev" INTEGER NOT NULL DEFAULT 1,
    "drawn_rev" INTEGER NOT NULL DEFAULT 0,
    "refresh_at" TIMESTAMPTZ(3),
    "shown_locale" TEXT,
    "phrase" JSONB,
    "sent_at" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),
    "seen_at" TIMESTAMPTZ(3),

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "platform_pause" (
    "platform" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "platform_pause_pkey" PRIMARY KEY ("platform","method")
);

-- CreateTable
CREATE TABLE "inbound" (
    "id" BIGSERIAL NOT NULL,
    "platform" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "sender" BYTEA NOT NULL,
    "body" BYTEA NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "lease_until" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "inbound_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_inbox" (
    "id" BIGSERIAL NOT NULL,
    "body" BYTEA NOT NULL,

    CONSTRAINT "ledger_inbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_entry" (
    "seq" BIGINT NOT NULL,
    "id" BIGINT NOT NULL,
    "body" BYTEA NOT NULL,
    "leaf" BYTEA NOT NULL,
    "mac" BYTEA NOT NULL,

    CONSTRAINT "ledger_entry_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "ledger_head" (
    "size" BIGINT NOT NULL,
    "root" BYTEA NOT NULL,
    "range" BYTEA[],
    "note" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ledger_head_pkey" PRIMARY KEY ("size")
);

-- CreateTable
CREATE TABLE "web_link" (
    "token_hash" BYTEA NOT NULL,
    "person_id" BIGINT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "web_link_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "web_session" (
    "id_hash" BYTEA NOT NULL,
    "account_id" BIGINT NOT NULL,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "web_session_pkey" PRIMARY KEY ("id_hash")
);

-- CreateTable
CREATE TABLE "chat_log" (
    "account_id" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,

    CONSTRAINT "chat_log_pkey" PRIMARY KEY ("account_id")
);

-- CreateTable
CREATE TABLE "chat_message" (
    "id" BIGSERIAL NOT NULL,
    "account_id" BIGINT NOT NULL,
    "key" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "body" BYTEA NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "chat_message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "setting" (
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "setting_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "import_run" (
    "id" BIGSERIAL NOT NULL,
    "state" TEXT NOT NULL,
    "lease_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "import_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "staged_row" (
    "id" BIGSERIAL NOT NULL,
    "run_id" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "body" JSONB NOT NULL,

    CONSTRAINT "staged_row_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "unit_code_key" ON "unit"("code");

-- CreateIndex
CREATE INDEX "unit_parent_id_idx" ON "unit"("parent_id");

-- CreateIndex
CREATE INDEX "unit_lft_idx" ON "unit"("lft");

-- CreateIndex
CREATE UNIQUE INDEX "person_uid_key" ON "person"("uid");

-- CreateIndex
CREATE UNIQUE INDEX "person_phone_index_key" ON "person"("phone_index");

-- CreateIndex
CREATE INDEX "person_name_index_idx" ON "person"("name_index");

-- CreateIndex
CREATE INDEX "account_person_id_idx" ON "account"("person_id");

-- CreateIndex
CREATE UNIQUE INDEX "account_platform_address_index_key" ON "account"("platform", "address_index");

-- CreateIndex
CREATE INDEX "post_person_id_idx" ON "post"("person_id");

-- CreateIndex
CREATE UNIQUE INDEX "post_unit_id_post_deputy_person_id_key" ON "post"("unit_id", "post", "deputy", "person_id");

-- CreateIndex
CREATE UNIQUE INDEX "notice_number_key" ON "notice"("number");

-- CreateIndex
CREATE INDEX "asked_obligation_id_idx" ON "asked"("obligation_id");

-- CreateIndex
CREATE UNIQUE INDEX "answer_obligation_id_person_id_generation_key" ON "answer"("obligation_id", "person_id", "generation");

-- CreateIndex
CREATE INDEX "delivery_person_id_idx" ON "delivery"("person_id");

-- CreateIndex
CREATE UNIQUE INDEX "inbound_platform_event_id_key" ON "inbound"("platform", "event_id");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_entry_id_key" ON "ledger_entry"("id");

-- CreateIndex
CREATE INDEX "web_link_person_id_idx" ON "web_link"("person_id");

-- CreateIndex
CREATE INDEX "web_session_account_id_idx" ON "web_session"("account_id");

-- CreateIndex
CREATE INDEX "chat_message_account_id_seq_idx" ON "chat_message"("account_id", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "chat_message_account_id_key_key" ON "chat_message"("account_id", "key");

-- CreateIndex
CREATE INDEX "staged_row_run_id_kind_idx" ON "staged_row"("run_id", "kind");

-- AddForeignKey
ALTER TABLE "unit" ADD CONSTRAINT "unit_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "unit"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "person_key" ADD CONSTRAINT "person_key_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account" ADD CONSTRAINT "account_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "post" ADD CONSTRAINT "post_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "unit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "post" ADD CONSTRAINT "post_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notice" ADD CONSTRAINT "notice_issuer_id_fkey" FOREIGN KEY ("issuer_id") REFERENCES "unit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notice_text" ADD CONSTRAINT "notice_text_notice_id_fkey" FOREIGN KEY ("notice_id") REFERENCES "notice"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "obligation" ADD CONSTRAINT "obligation_notice_id_fkey" FOREIGN KEY ("notice_id") REFERENCES "notice"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "obligation" ADD CONSTRAINT "obligation_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "unit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "obligation" ADD CONSTRAINT "obligation_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "asked" ADD CONSTRAINT "asked_obligation_id_fkey" FOREIGN KEY ("obligation_id") REFERENCES "obligation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "asked" ADD CONSTRAINT "asked_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "answer" ADD CONSTRAINT "answer_obligation_id_fkey" FOREIGN KEY ("obligation_id") REFERENCES "obligation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "answer" ADD CONSTRAINT "answer_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_notice_id_fkey" FOREIGN KEY ("notice_id") REFERENCES "notice"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "unit"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "web_link" ADD CONSTRAINT "web_link_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "web_session" ADD CONSTRAINT "web_session_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "chat_log" ADD CONSTRAINT "chat_log_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "chat_message" ADD CONSTRAINT "chat_message_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staged_row" ADD CONSTRAINT "staged_row_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "import_run"("id") ON DELETE CASCADE ON UPDATE CASCADE;
