import { overPostgres } from "../scripted/open.ts";
import { freshPostgres } from "../setup/database.ts";
import { deliveryStoreContract } from "./delivery-store.ts";
import { deliveryViewContract } from "./delivery-views.ts";
import { inboundStoreContract } from "./inbound-store.ts";

const open = async () => overPostgres(await freshPostgres());

deliveryStoreContract("PostgreSQL", open);
deliveryViewContract("PostgreSQL", open);
inboundStoreContract("PostgreSQL", open);
