import { LogLevel, SocketModeClient } from "@slack/socket-mode";
import type { Heard } from "./hear.ts";

interface SocketParts {
  readonly appToken: string;
  readonly apiUrl: URL;
  readonly hear: (body: object) => Promise<Heard>;
}

interface Envelope {
  readonly body: unknown;
  readonly ack: (answer?: Record<string, unknown>) => Promise<void>;
}

const nothing = (): void => {};
/** The client tells what it receives; what is worth telling we tell ourselves. */
const SILENT = {
  ...{ debug: nothing, info: nothing, warn: nothing, error: nothing },
  ...{ setLevel: nothing, getLevel: () => LogLevel.ERROR, setName: nothing },
};

/** What is not acknowledged Slack sends again; so is what was, where the socket broke before: it is known by its id then. */
const answer = async ({ body, ack }: Envelope, { hear }: SocketParts): Promise<void> => {
  const heard = typeof body === "object" && body !== null ? await hear(body) : null;
  if (heard?.taken) await ack((heard.answer ?? undefined) as Record<string, unknown> | undefined);
};

/**
 * One connection of Socket Mode (docs.slack.dev/apis/events-api/using-socket-mode), from its opening to its end, whoever ends
 * it; rejects where it does not come about. The client's own reconnecting stays off: it leaves five seconds without a
 * connection, and ends the process when Slack then refuses.
 */
export const socket = (parts: SocketParts, signal: AbortSignal): Promise<void> => {
  const client = new SocketModeClient({
    appToken: parts.appToken,
    autoReconnectEnabled: false,
    logger: SILENT,
    clientOptions: {
      slackApiUrl: parts.apiUrl.href,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: 10_000,
    },
  });
  client.on("slack_event", (envelope: Envelope) => {
    answer(envelope, parts).catch(nothing);
  });
  let end = nothing;
  const over = new Promise<void>((resolve) => {
    client.once("disconnected", () => resolve());
    end = () => {
      // Rejects with nothing of use where there was no connection yet; a peer that does not close in its turn is not waited for.
      client.disconnect().catch(nothing);
      resolve();
    };
  });
  signal.addEventListener("abort", end, { once: true });
  const open = async (): Promise<void> => {
    await client.start();
    if (signal.aborted) end();
    else await over;
  };
  return open().finally(() => signal.removeEventListener("abort", end));
};
