import type { Finding } from "../../dialogue/finding.ts";
import { fine, warning, wrong } from "../../dialogue/finding.ts";
import { faultLine } from "../../domain/fault-line.ts";
import type { Examination } from "../../ports/examination.ts";

interface AddressParts {
  readonly publicUrl: URL | null;
  /** Where this installation listens itself. */
  readonly own: string;
  /** Without an address to call, on a database that is meant for real use. */
  readonly real: boolean;
}

const PATIENCE_MS = 5_000;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** `fetch` says only that it failed; why stands in the cause. */
const why = (error: unknown): string =>
  faultLine(error instanceof Error && error.cause !== undefined ? error.cause : error);

const called = async (publicUrl: URL): Promise<Finding> => {
  const address = publicUrl.origin;
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await fetch(new URL("/healthz", publicUrl), { redirect: "manual", signal });
    const text = (await answer.text()).slice(0, 10);
    if (answer.status === 200 && text === "ok") return fine("address.ok", { address });
    return wrong("address.foreign", { address, status: answer.status });
  } catch (error) {
    return warning("address.silent", { address, why: why(error) });
  }
};

/** Whether people's browsers reach the web chat. Asks that one address alone, and follows it nowhere else. */
export const examineWeb = ({ publicUrl, own, real }: AddressParts): Examination => ({
  name: "web",
  examine: async () => {
    if (publicUrl === null) return [real ? warning("address.none", { own }) : fine("address.own", { own })];
    const here =
      LOOPBACK.test(publicUrl.hostname) && real ? [warning("address.here", { address: publicUrl.origin })] : [];
    return [await called(publicUrl), ...here];
  },
});
