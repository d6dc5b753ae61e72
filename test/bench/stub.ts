import { createServer } from "node:http";

/** A platform that does nothing but say yes, in a process of its own so that it costs the sender no time. */
let serial = 0;
const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    serial += 1;
    response.writeHead(200, { "content-type": "application/json" });
    response.end(`{"ok":true,"result":{"message_id":${serial},"chat":{"id":1}}}`);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address !== "string") process.send?.(address.port);
});
process.on("disconnect", () => process.exit(0));
