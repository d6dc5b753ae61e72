/** Commands that need DATA_DIR to themselves, so that a running service cannot carry them out: it is to be stopped first. */
const ALONE: ReadonlySet<string> = new Set(["restore"]);

export const needsAlone = (command: string): boolean => ALONE.has(command);
