import type { TestProject } from "vitest/node";
import { openBroker } from "./broker.ts";
import type { Programs } from "./programs.ts";

declare module "vitest" {
  interface ProvidedContext {
    programs: Programs;
  }
}

export default (project: TestProject) => openBroker(project.config.provide.programs as Programs);
