import { Client } from "pg";
import { expect, it } from "vitest";
import { freshEmbedded, freshPostgres, redisUrl, startPostgres, startRedis } from "../setup/database.ts";

it("gives PostgreSQL databases that are migrated and strangers to one another", async () => {
  const [one, two] = await Promise.all([freshPostgres(), freshPostgres()]);
  const client = new Client({ connectionString: one.url });
  await client.connect();
  console.log((await client.query("select count(*) from _prisma_migrations")).rows, one.url, two.url);
  await client.end();
  await Promise.all([one.drop(), two.drop()]);
});
it("embedded", async () => {
  const a = performance.now();
  const one = await freshEmbedded();
  console.log(performance.now() - a, (await one.database.pool.query("select count(*) from _prisma_migrations")).rows);
  await one.drop();
  const b = performance.now();
  const two = await freshEmbedded();
  console.log(performance.now() - b);
  await two.drop();
});
it("redis", async () => {
  console.log(await redisUrl(), await redisUrl());
  const a = performance.now();
  const r = await startRedis({ persistence: "aof" });
  await r.kill("SIGKILL"); await r.restart(); await r.restart(); await r.stop();
  const p = await startPostgres();
  await p.kill("SIGKILL"); await p.restart(); await p.restart(); await p.stop();
  console.log(performance.now() - a);
});
