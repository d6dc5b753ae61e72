import { overEmbedded } from "../scripted/open.ts";
import { freshEmbedded } from "../setup/database.ts";
import { deliveryStoreContract } from "./delivery-store.ts";
import { deliveryViewContract } from "./delivery-views.ts";
import { inboundStoreContract } from "./inbound-store.ts";

const open = async () => overEmbedded(await freshEmbedded());

deliveryStoreContract("the embedded database", open);
deliveryViewContract("the embedded database", open);
inboundStoreContract("the embedded database", open);
