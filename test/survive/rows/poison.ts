import { setTimeout as sleep } from "node:timers/promises";
import { office } from "../../scripted/office.ts";
import type { Row } from "../endure.ts";
import { untilReady, type World } from "../world.ts";

const HEAP = ["--max-old-space-size=160"];
const WITHIN_MS = 240_000;

/** A notice of so many words that drawing it takes more memory than there is, for one person. */
const writePoison = async ({ db, keys, there }: World): Promise<bigint> => {
  const chat = there.newChat();
  there.chats.open(chat);
  const all = office(db, keys);
  const people = await all.people("scripted-telegram", [chat]);
  const at = new Date(Date.now() - 60_000);
  const notice = await db.notice.create({
    data: {
      ...{ number: `某安委办〔2025〕${Date.now() % 9_000}号`, urgency: "urgent", ack: "none", closing: "each-unit" },
      ...{ audience: "all", reminders: [], contentHash: "00", locale: "zh-CN", seconds: 20, publishedAt: at },
      issuer: { connect: { code: "county" } },
      texts: { create: { locale: "zh-CN", hash: String(Date.now()), title: "毒", body: "毒" } },
    },
  });
  await db.$executeRaw`
    UPDATE "notice_text" SET "body" = repeat('- *毒* [毒](https://x.cn) ', 400000) WHERE "notice_id" = ${notice.id}`;
  const [root] = await db.unit.findMany({ where: { parentId: null } });
  const [delivery] = await db.$queryRaw<[{ id: bigint }]>`
    INSERT INTO "delivery" ("notice_id", "person_id", "kind", "unit_id", "account_id", "platform", "lane", "at")
    SELECT ${notice.id}, a."person_id", 'notice', ${root?.id as bigint}, a."id", a."platform", 0, ${at}::timestamptz
    FROM "account" a WHERE a."id" = ${people[0]?.account as bigint} RETURNING "id"`;
  return delivery.id;
};

/** Whoever draws it dies of it; they are started again each time, until they leave it be. */
const poison: Row = {
  component: "worker",
  fault: "OOM on one row",
  crashes: 8,
  inject: async (world) => {
    const { workers, db } = world;
    for (const worker of workers) {
      worker.program().signal("SIGTERM");
      await worker.program().ended;
      await worker.restart({}, HEAP);
    }
    const id = await writePoison(world);
    let deaths = 0;
    let over = false;
    const supervise = workers.map(async (worker) => {
      while (!over) {
        const code = await Promise.race([worker.program().ended, sleep(500, null)]);
        if (code === null || over) continue;
        deaths += 1;
        await worker.restart({}, HEAP);
      }
    });
    const refused = async () => (await db.delivery.findUniqueOrThrow({ where: { id } })).state === "refused";
    for (const end = Date.now() + WITHIN_MS; !(await refused()) && Date.now() < end; ) await sleep(500);
    over = true;
    await Promise.all(supervise);
    const row = await db.delivery.findUniqueOrThrow({ where: { id } });
    for (const worker of workers) {
      worker.program().signal("SIGTERM");
      await worker.program().ended;
      await worker.restart();
    }
    return {
      ready: await untilReady(workers),
      wrong: row.state === "refused" ? [] : [`the row is ${row.state} after ${deaths} deaths`],
      note: `${deaths} deaths, then ${row.why}`,
    };
  },
};

export const poisonRows: readonly Row[] = [poison];
