-- The index that refuses a second message now begins with the notice itself, so that the messages of one notice are found
-- without reading those of all others. A message that belongs to no notice is still the same message twice.
DROP INDEX "delivery_once";
CREATE UNIQUE INDEX "delivery_once" ON "delivery"("notice_id", "person_id", "kind", "slot") NULLS NOT DISTINCT;
