import { overEmbedded } from "../scripted/open.ts";
import { freshEmbedded } from "../setup/database.ts";
import { audienceSuite } from "./audience-suite.ts";

audienceSuite(async () => overEmbedded(await freshEmbedded()), 15);
