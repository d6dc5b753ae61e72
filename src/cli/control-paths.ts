import { join, relative, resolve } from "node:path";

/** Socket paths hold some 100 bytes; the way from here may be shorter than the whole path. */
export const socketPath = (dataDir: string): string => {
  const whole = join(resolve(dataDir), "control.sock");
  const near = relative(process.cwd(), whole);
  return near.length < whole.length ? near : whole;
};

export const tokenPath = (dataDir: string): string => join(dataDir, "control.token");
