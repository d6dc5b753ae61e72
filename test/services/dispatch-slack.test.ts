import { SLACK } from "../scripted/habits.ts";
import { overPostgres } from "../scripted/open.ts";
import { freshPostgres } from "../setup/database.ts";
import { nineCases } from "./nine-cases.ts";

nineCases(SLACK, async () => overPostgres(await freshPostgres()));
