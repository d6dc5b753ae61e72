import type { Socket } from "node:net";
import { z } from "zod";
import { LOCALES } from "../domain/language.ts";
import type { Invocation } from "./invocation.ts";
import type { Progress } from "./terminal.ts";

/** What another process of this machine's user asks the running service to do for it. */
export const controlRequest = z.object({
  token: z.string(),
  /** An invocation of this release, once its command is known to be one. */
  invocation: z.looseObject({ command: z.string() }),
  locale: z.enum(LOCALES),
  width: z.int().positive(),
  /** The folder in which the command was given. */
  cwd: z.string(),
});

export type ControlRequest = z.infer<typeof controlRequest>;

type Asked = Omit<ControlRequest, "invocation"> & { readonly invocation: Invocation };

/** What the service says, a JSON document a line. `hello` is its version, and comes first: nothing is asked before. */
export type ControlAnswer =
  | { readonly hello: string }
  | { readonly out: string }
  | { readonly err: string }
  /** Base64. */
  | { readonly bytes: string }
  | { readonly progress: Progress | null }
  | { readonly exit: number };

/** What may follow a request: whoever asked wants no more of it. */
export interface ControlStop {
  readonly stop: true;
}

/** A request holds paths and numbers, an answer lines and some kilobytes; whoever sends more is none of us. */
const LONGEST = 1024 * 1024;

/** Puts together the lines that come in pieces, each a JSON document. Throws for what is none, or too long. */
export const documentReader = (): ((piece: string) => readonly unknown[]) => {
  let begun: string[] = [];
  let length = 0;
  return (piece) => {
    const [first = "", ...lines] = piece.split("\n");
    begun.push(first);
    length += first.length;
    if (length > LONGEST) throw new Error("the line is too long");
    const next = lines.pop();
    if (next === undefined) return [];
    const whole = [begun.join(""), ...lines];
    begun = [next];
    length = next.length;
    return whole.map((line) => JSON.parse(line));
  };
};

/** The documents that come over a socket, no faster than they are taken. Throws when the other end breaks off. */
export async function* documents(socket: Socket): AsyncGenerator<unknown, void> {
  const read = documentReader();
  socket.setEncoding("utf8");
  for await (const piece of socket) yield* read(piece);
}

export const line = (document: ControlAnswer | Asked | ControlStop): string => `${JSON.stringify(document)}\n`;
