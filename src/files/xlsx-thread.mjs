// The thread while it is still TypeScript: on Node 20 a thread does not take tsx from its options.
import { register } from "tsx/esm/api";

register();
await import("./xlsx-thread.ts");
