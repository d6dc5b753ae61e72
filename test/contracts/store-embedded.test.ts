import { overEmbedded } from "../scripted/open.ts";
import { freshEmbedded } from "../setup/database.ts";
import { deliveryStoreContract } from "./delivery-store.ts";

deliveryStoreContract("the embedded database", async () => overEmbedded(await freshEmbedded()));
