import { readdirSync, readFileSync } from "node:fs";
import { fc } from "../setup/property.ts";
