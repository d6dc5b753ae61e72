import { afterAll, beforeAll } from "vitest";
import type { Open } from "../scripted/open.ts";
import { overPostgres } from "../scripted/open.ts";
import { freshPostgres } from "../setup/database.ts";
import { answerSuite } from "./answer-suite.ts";
import { audienceSuite } from "./audience-suite.ts";
import { coverageSuite } from "./coverage-suite.ts";
import { publishSuite } from "./publish-suite.ts";

let open: Open;
beforeAll(async () => {
  open = await overPostgres(await freshPostgres());
});
afterAll(() => open.close());

const db = () => open.db;
answerSuite(db);
audienceSuite(db, 25);
publishSuite(db, 25);
coverageSuite(db, 15);
