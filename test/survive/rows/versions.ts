import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { inboundStore } from "../../../src/store/inbound.ts";
import type { Row } from "../endure.ts";
import type { World } from "../world.ts";

/** What a newer release beside this one writes: a message and two events of kinds that this one has never heard of. */
const writeNewer = async ({ db, keys, there, citizens }: World) => {
  // As the newer one's migration would have left it.
  await db.$executeRaw`ALTER TABLE "delivery" DROP CONSTRAINT "delivery_kind"`;
  const chat = citizens[0]?.chat ?? "";
  const [message] = await db.$queryRaw<[{ id: bigint }]>`
    INSERT INTO "delivery" ("person_id", "kind", "slot", "account_id", "platform", "lane", "at")
    SELECT a."person_id", 'rung', ${randomUUID()}, a."id", a."platform", 0, ${new Date(0)}::timestamptz FROM "account" a
    WHERE a."address_index" = ${keys.index("address", chat)} RETURNING "id"`;
  const real = new Date();
  const put = (what: object) =>
    inboundStore(db, keys).put(
      {
        ...{ id: randomUUID(), from: { platform: "scripted-telegram", chat: there.newChat() }, language: null },
        what: what as never,
      },
      { now: real, real },
    );
  const events = [
    await put({ kind: "photo", file: "f1" }),
    await put({ kind: "press", action: { do: "postpone", delivery: message.id, round: 1 }, text: null, ref: null }),
  ].map((id) => id ?? 0n);
  return { message: message.id, events };
};

/** Waits for a few sweeps, and tells what is not as the newer release left it. */
const untouched = async ({ db }: World, { message, events }: Awaited<ReturnType<typeof writeNewer>>) => {
  await sleep(4_500);
  const row = await db.delivery.findUniqueOrThrow({ where: { id: message } });
  const open = await db.inbound.findMany({ where: { id: { in: events } } });
  return [
    ...(row.state === "pending" && row.attempts === 0 ? [] : [`the unknown message is ${row.state}`]),
    ...open.flatMap(({ state, attempts }) =>
      state === "pending" && attempts === 0 ? [] : [`an unknown event is ${state}, tried ${attempts} times`],
    ),
  ];
};

/** During a rolling restart the old release leaves alone what it does not know. */
const older: Row = {
  component: "worker",
  fault: "a newer version beside it",
  inject: async (world) => {
    const { db } = world;
    const newer = await writeNewer(world);
    const wrong = await untouched(world, newer);
    // The newer one takes them.
    await db.inbound.deleteMany({ where: { id: { in: newer.events } } });
    await db.delivery.delete({ where: { id: newer.message } });
    await db.$executeRaw`
      ALTER TABLE "delivery" ADD CONSTRAINT "delivery_kind" CHECK ("kind" IN
        ('notice', 'recalled', 'released', 'reply', 'todo', 'proxy'))`;
    return { wrong };
  },
};

export const versionRows: readonly Row[] = [older];
