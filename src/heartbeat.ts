import { openHttp } from "./http/open-http.ts";

/** So long somebody outside may take to answer. */
const PATIENCE_MS = 10_000;

/** Posts to an address that raises an alarm when nothing comes any more. */
export const openHeartbeat = (url: URL) => {
  const http = openHttp(url.origin, { connections: 1 });
  return {
    beat: async (): Promise<void> => {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const answer = await http.post(url.pathname + url.search, {}, { signal });
      if (answer.kind !== "answered") throw new Error(answer.why);
      if (answer.status >= 300) throw new Error(String(answer.status));
    },
    close: () => http.close(),
  };
};
