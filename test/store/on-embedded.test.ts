import { afterAll, beforeAll } from "vitest";
import type { Open } from "../scripted/open.ts";
import { overEmbedded } from "../scripted/open.ts";
import { freshEmbedded } from "../setup/database.ts";
import { answerSuite } from "./answer-suite.ts";
import { audienceSuite } from "./audience-suite.ts";
import { coverageSuite } from "./coverage-suite.ts";
import { publishSuite } from "./publish-suite.ts";

let open: Open;
beforeAll(async () => {
  open = await overEmbedded(await freshEmbedded());
});
afterAll(() => open.close());

const db = () => open.db;
answerSuite(db);
audienceSuite(db, 12);
publishSuite(db, 12);
coverageSuite(db, 8);
