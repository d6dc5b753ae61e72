import { readFileSync } from "node:fs";
import { connect } from "node:net";
import type { Locale } from "../domain/language.ts";
import type { ControlAnswer, ControlRequest } from "./control-door.ts";
import { documents } from "./control-lines.ts";
import { socketPath, tokenPath } from "./control-paths.ts";
import type { Invocation } from "./invocation.ts";
import type { Terminal } from "./terminal.ts";

const show = (answer: ControlAnswer, terminal: Terminal): number | null => {
  if ("exit" in answer) return answer.exit;
  if ("out" in answer) terminal.out(answer.out);
  if ("err" in answer) terminal.err(answer.err);
  if ("progress" in answer) terminal.progress(answer.progress);
  return null;
};

/** Has the running service carry a command out. Null when it does not answer: it is just starting or stopping. */
export const knock = async (
  dataDir: string,
  invocation: Invocation,
  locale: Locale,
  terminal: Terminal,
): Promise<number | null> => {
  let token: string;
  try {
    token = readFileSync(tokenPath(dataDir), "utf8");
  } catch {
    return null;
  }
  const socket = connect(socketPath(dataDir));
  socket.on("error", () => socket.destroy());
  const request: ControlRequest = { token, invocation, locale, width: terminal.width };
  socket.write(`${JSON.stringify(request)}\n`);
  try {
    for await (const document of documents(socket)) {
      const code = show(document as ControlAnswer, terminal);
      if (code !== null) return code;
    }
  } catch {
    return null;
  } finally {
    socket.destroy();
  }
  return null;
};
