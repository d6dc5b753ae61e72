import { overPostgres } from "../scripted/open.ts";
import { freshPostgres } from "../setup/database.ts";
import { deliveryStoreContract } from "./delivery-store.ts";

deliveryStoreContract("PostgreSQL", async () => overPostgres(await freshPostgres()));
