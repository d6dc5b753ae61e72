import { readFile, writeFile } from "node:fs/promises";
import type { Toolbox } from "./cli/toolbox.ts";
import type { Installation } from "./installation.ts";
import { checkProof } from "./ledger/check-proof.ts";
import { verify } from "./services/verify.ts";
