import { overPostgres } from "../scripted/open.ts";
import { freshPostgres } from "../setup/database.ts";
import { audienceSuite } from "./audience-suite.ts";

audienceSuite(async () => overPostgres(await freshPostgres()), 25);
