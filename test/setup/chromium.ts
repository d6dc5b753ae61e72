import { inject } from "vitest";

/** The machine's own Chromium; null where there is none, and then tests of pages are skipped (never with CI=true). */
export const chromiumPath = (): string | null => inject("programs").chromium;
