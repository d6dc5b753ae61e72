import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "pg";
import { bullQueue } from "../../../src/queue/bull-queue.ts";
import { verify } from "../../../src/services/verify.ts";
import { openPrisma } from "../../../src/store/client.ts";
import { ledgerStore } from "../../../src/store/ledger-entries.ts";
import { run } from "../../processes/program.ts";
import { eventually } from "../../scripted/eventually.ts";
import { testLog } from "../../setup/log.ts";
import type { Row } from "../endure.ts";
import type { World } from "../world.ts";

/** What a restored installation finds in a queue that knows more than the backup. */
const hintAhead = async (redisUrl: string): Promise<void> => {
  const queue = await bullQueue({ redisUrl, pool: null as never, log: testLog() });
  const unknown = Array.from({ length: 50 }, (_, at) => ({ name: "answer", id: String(900_000 + at) }) as const);
  await queue.hint({ name: "dispatch", id: "scripted-telegram" }, ...unknown);
  await queue.stop();
};

/** Takes a backup while nobody sends, publishes and all; what it holds as unsent goes out right after. */
const backUpBefore = async (
  world: World,
  file: string,
): Promise<{ readonly number: string; readonly said: string }> => {
  const { workers, env } = world;
  for (const worker of workers) worker.program().signal("SIGSTOP");
  const number = await world.publish();
  const { code, err } = await run(["backup", file], env);
  for (const worker of workers) worker.program().signal("SIGCONT");
  return { number, said: code === 0 ? "" : err };
};

const cardsOf = ({ there, citizens }: World, number: string): readonly number[] =>
  citizens.map(({ chat }) => there.chats.shows(chat).filter(({ text }) => text.includes(number)).length);

/** A backup is restored when all that was unsent in it has gone out, beside a queue with later hints: nothing goes again. */
const older: Row = {
  component: "DB",
  fault: "restored from a backup older than the queue",
  inject: async (world) => {
    const { postgres, redis, citizens, there, pool, ledger } = world;
    const folder = mkdtempSync(join(tmpdir(), "chuanda-restored-"));
    const file = join(folder, "backup.tar.gz");
    const { number, said } = await backUpBefore(world, file);
    await eventually(
      () => cardsOf(world, number),
      (cards) => cards.every((count) => count > 0),
      60_000,
    );
    await sleep(2_500);
    const sent = cardsOf(world, number);
    await pool.query(`DROP DATABASE IF EXISTS "restored" WITH (FORCE)`);
    await pool.query(`CREATE DATABASE "restored"`);
    const url = Object.assign(new URL(postgres.url), { pathname: "/restored" }).href;
    const redisUrl = `${redis.url}/1`;
    const env = { ...world.env, DATABASE_URL: url };
    const restored = await run(["restore", file], env);
    await hintAhead(redisUrl);
    const [web, worker] = await Promise.all(
      ["web restored", "worker restored"].map((name) => world.begin(name, { DATABASE_URL: url, REDIS_URL: redisUrl })),
    );
    const own = new Pool({ connectionString: url, max: 3 }).on("error", () => {});
    const db = openPrisma(own);
    const [one] = citizens;
    const card = there.chats.shows(one?.chat ?? "").find(({ text }) => text.includes(number));
    const { path, headers, body } = there.request(
      there.tap(one?.chat ?? "", card?.id ?? "", card?.buttons.find(({ label }) => label.startsWith("✅"))?.data ?? ""),
    );
    const { status } = await fetch(web?.origin() + path, { method: "POST", headers, body });
    const answered = () => db.obligation.count({ where: { notice: { number }, state: "fulfilled" } });
    const done = await eventually(answered, (count) => count === 1, 30_000);
    await sleep(4_500);
    const verdict = await verify({ ledgerStore: ledgerStore(db), ledger });
    const held = await db.delivery.count({ where: { heldAt: { not: null }, state: "in-doubt" } });
    await db.$disconnect();
    await own.end();
    await Promise.all([web?.kill(), worker?.kill()]);
    await pool.query(`DROP DATABASE "restored" WITH (FORCE)`);
    rmSync(folder, { recursive: true });
    const wrong = [
      ...(said === "" ? [] : [`backup: ${said}`]),
      ...(restored.code === 0 ? [] : [`restore: ${restored.err}`]),
      ...(String(cardsOf(world, number)) === String(sent) ? [] : ["something was sent again"]),
      ...(status === 200 && done === 1
        ? []
        : [`a tap on a card of before was answered ${status}, and ${done} counted`]),
      ...(verdict.kind === "proven" ? [] : [`the ledger is not proven: ${verdict.kind}`]),
      ...(held >= citizens.length - 1 ? [] : [`only ${held} are held`]),
    ];
    return { wrong, note: `${held} held` };
  },
};

export const restoreRows: readonly Row[] = [older];
