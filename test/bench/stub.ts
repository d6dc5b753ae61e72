import { createServer } from "node:http";

/**
 * A platform that does nothing but say yes, after so many milliseconds (the first argument, or at once), in a process of
 * its own so that it costs the sender no time.
 */
const afterMs = Number(process.argv[2] ?? 0);
let serial = 0;
const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    const answer = () => {
      serial += 1;
      response.writeHead(200, { "content-type": "application/json" });
      const message = `"result":{"message_id":${serial},"chat":{"id":1}}`;
      response.end(`{"ok":true,${message},"channel":"D024BE91L","ts":"${serial}.000001","team_id":"T024BE7LD"}`);
    };
    if (afterMs > 0) setTimeout(answer, afterMs);
    else answer();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address !== "string") process.send?.(address.port);
});
process.on("disconnect", () => process.exit(0));
