import { faultLine } from "../domain/fault-line.ts";

/** Something that the service cannot work without. `check` throws when it does not answer. */
export interface Check {
  readonly name: string;
  check(): Promise<void>;
}

export interface Readiness {
  readonly ready: boolean;
  /** "ok", or the reason, by name. */
  readonly checks: Readonly<Record<string, string>>;
}

const BOUND_MS = 2_000;

const probe = async ({ check }: Check): Promise<string> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${BOUND_MS / 1000} s`)), BOUND_MS);
  });
  try {
    await Promise.race([check(), late]);
    return "ok";
  } catch (error) {
    return faultLine(error);
  } finally {
    clearTimeout(timer);
  }
};

/** Asks all checks at once, each bounded; questions that come meanwhile share the answer. */
export const readiness = (checks: readonly Check[]): (() => Promise<Readiness>) => {
  const ask = async (): Promise<Readiness> => {
    const results = await Promise.all(checks.map(async (check) => [check.name, await probe(check)] as const));
    return { ready: results.every(([, result]) => result === "ok"), checks: Object.fromEntries(results) };
  };
  let asked: Promise<Readiness> | null = null;
  return () => {
    asked ??= ask().finally(() => {
      asked = null;
    });
    return asked;
  };
};
