export interface Heard {
  readonly id: string;
  readonly name: string;
  readonly data: string;
}

const parse = (block: string): Heard | null => {
  const field = (name: string) =>
    block
      .split("\n")
      .filter((line) => line.startsWith(`${name}: `))
      .map((line) => line.slice(name.length + 2))
      .join("\n");
  return field("data") === "" ? null : { id: field("id"), name: field("event"), data: field("data") };
};

/** Listens to a stream of events as a browser would. */
export const listen = async (url: string, headers: Record<string, string>) => {
  const stop = new AbortController();
  const answer = await fetch(url, { headers, signal: stop.signal });
  const heard: Heard[] = [];
  const read = async (): Promise<void> => {
    let rest = "";
    for await (const chunk of answer.body ?? []) {
      const blocks = (rest + Buffer.from(chunk).toString("utf8")).split("\n\n");
      rest = blocks.pop() ?? "";
      heard.push(...blocks.map(parse).filter((event): event is Heard => event !== null && event.name !== "beat"));
    }
  };
  const ended = read().catch(() => {});
  return { status: answer.status, heard, ended, stop: () => stop.abort() };
};
