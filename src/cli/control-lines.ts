import type { Socket } from "node:net";

/** A request holds paths and numbers; whoever sends more is no command of ours. */
const LONGEST = 1024 * 1024;

/** The JSON documents that come over a socket, one a line. Throws when the other end breaks off or sends what is none. */
export async function* documents(socket: Socket): AsyncGenerator<unknown, void> {
  let rest = "";
  socket.setEncoding("utf8");
  for await (const chunk of socket) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > LONGEST) throw new Error("the line is too long");
    for (const line of lines) yield JSON.parse(line);
  }
}
