-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "page" SMALLINT NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "lease" (
    "name" TEXT NOT NULL,
    "holder" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "lease_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "pace" (
    "name" TEXT NOT NULL,
    "due" BIGINT NOT NULL,

    CONSTRAINT "pace_pkey" PRIMARY KEY ("name")
);

-- `reserve` of src/domain/pace.ts in one statement. Each message has "counts" flows of its own, whose names, grains and bursts
-- follow one another. Whoever asks for the same common flow takes turns: its row is locked before anything is read.
CREATE FUNCTION "reserve_slots"(
  "common" TEXT, "grain" BIGINT, "burst" BIGINT, "lead" BIGINT, "ahead" BIGINT, "behind" TEXT, "holds" TEXT, "hold" BIGINT,
  "counts" INT[], "names" TEXT[], "grains" BIGINT[], "bursts" BIGINT[], "moment" BIGINT
) RETURNS TABLE ("kind" TEXT, "micros" BIGINT) LANGUAGE plpgsql AS $$
DECLARE
  dues JSONB;
  barred BIGINT;
  slot BIGINT;
  late BIGINT;
  wait BIGINT;
  own INT;
  first INT := 1;
BEGIN
  INSERT INTO "pace" AS p ("name", "due") VALUES (common, 0) ON CONFLICT ("name") DO UPDATE SET "due" = p."due";
  SELECT coalesce(jsonb_object_agg(p."name", p."due"), '{}') INTO dues
  FROM "pace" p WHERE p."name" = common OR p."name" = behind OR p."name" = ANY (names);
  barred := coalesce((dues ->> behind)::bigint, 0) - moment;
  FOREACH own IN ARRAY counts LOOP
    slot := greatest(moment + lead, (dues ->> common)::bigint - (burst - 1) * grain);
    late := greatest(barred, slot - moment - ahead);
    IF late > 0 THEN
      kind := 'common'; micros := late;
    ELSE
      wait := 0;
      FOR at IN first .. first + own - 1 LOOP
        wait := greatest(wait, coalesce((dues ->> names[at])::bigint, 0) - (bursts[at] - 1) * grains[at] - slot);
      END LOOP;
      micros := slot - moment + wait;
      kind := CASE WHEN wait > 0 THEN 'own' ELSE 'granted' END;
      IF wait = 0 THEN
        dues := dues || jsonb_build_object(common, greatest((dues ->> common)::bigint, slot) + grain);
        FOR at IN first .. first + own - 1 LOOP
          dues := dues || jsonb_build_object(names[at], greatest(coalesce((dues ->> names[at])::bigint, 0), slot) + grains[at]);
        END LOOP;
      END IF;
    END IF;
    first := first + own;
    RETURN NEXT;
  END LOOP;
  IF holds IS NOT NULL THEN dues := dues || jsonb_build_object(holds, moment + hold); END IF;
  IF behind IS NOT NULL THEN dues := dues - behind; END IF;
  INSERT INTO "pace" AS p ("name", "due")
  SELECT e.key, e.value::text::bigint FROM jsonb_each(dues) e ORDER BY e.key
  ON CONFLICT ("name") DO UPDATE SET "due" = greatest(p."due", excluded."due");
END $$;

-- What could not be delivered, for whoever has another account.
CREATE INDEX "delivery_unreached" ON "delivery" ("id") WHERE "state" = 'gone' AND "kind" = 'notice' AND "account_id" IS NOT NULL;
