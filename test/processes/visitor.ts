const FORM = /<form[^>]*action="([^"]+)"[^>]*>([\s\S]*?)<\/form>/g;
const HIDDEN = /<input type="hidden" name="([^"]+)" value="([^"]*)"/g;

/** Every button of a page, with where it posts to and what goes along. */
const buttonsOf = (seen: string) =>
  [...seen.matchAll(FORM)].flatMap(([, action = "", inside = ""]) => {
    const hidden = Object.fromEntries([...inside.matchAll(HIDDEN)].map(([, name = "", value = ""]) => [name, value]));
    return [...inside.matchAll(BUTTON)].map(([, code = "", shown = ""]) => ({
      ...{ action, hidden, code },
      shown: shown.replace(/<[^>]+>/g, ""),
    }));
  });
const BUTTON = /<button[^>]*name="code" value="([^"]+)"[^>]*>([\s\S]*?)<\/button>/g;

export interface Heard {
  readonly id: string;
  readonly event: string;
  readonly data: string;
  /** When it came, on this process's clock. */
  readonly at: number;
}

/** The events of a stream, as they come. */
export interface Stream {
  readonly heard: readonly Heard[];
  /** Waits for an event whose data matches. */
  hears(pattern: RegExp, ms?: number): Promise<Heard>;
  close(): void;
}

const parsed = (block: string): Heard => {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const [name = "", ...rest] = line.split(": ");
    fields.set(name, [fields.get(name), rest.join(": ")].filter((part) => part !== undefined).join("\n"));
  }
  const { id = "", event = "", data = "" } = Object.fromEntries(fields);
  return { id, event, data, at: Date.now() };
};

const read = async (body: AsyncIterable<Uint8Array>, heard: Heard[]): Promise<void> => {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
    rest = blocks.pop() ?? "";
    heard.push(...blocks.map(parsed));
  }
};

/** A person's browser without script: it keeps its cookie, and presses what it can see. It can be sent to any process. */
export const visitor = () => {
  const cookies = new Map<string, string>();
  const headers = () => ({ cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") });
  const ask = async (url: URL, form?: Readonly<Record<string, string>>): Promise<Response> => {
    const response = await fetch(url, {
      redirect: "manual",
      headers: { ...headers(), accept: "text/html", ...(form ? { origin: url.origin } : {}) },
      ...(form ? { method: "POST", body: new URLSearchParams(form) } : {}),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (cookie.split(";")[0] ?? "").split(/=(.*)/s);
      cookies.set(name, value);
    }
    return response;
  };
  const page = async (origin: string, path = "/chat"): Promise<string> => {
    const response = await ask(new URL(path, origin));
    if (response.status !== 200) throw new Error(`${path} answers ${response.status}`);
    return response.text();
  };
  return {
    ask,
    page,
    cookies: (): readonly string[] => [...cookies.values()],
    /** Opens a personal link, on whatever process: the page first, then its button. */
    async enter(origin: string, link: string): Promise<void> {
      const url = new URL(new URL(link).pathname, origin);
      const doorway = await ask(url);
      if (doorway.status !== 200) throw new Error(`the link answers ${doorway.status}`);
      await doorway.text();
      const entered = await ask(url, {});
      if (entered.status !== 303) throw new Error(`entering answers ${entered.status}`);
    },
    /** Presses the first button whose label matches, with words in the field beside it; fails where none is seen. */
    async press(origin: string, label: RegExp, path = "/chat", text?: string): Promise<Response> {
      const seen = await page(origin, path);
      const found = buttonsOf(seen).find(({ shown }) => label.test(shown));
      if (found) {
        const words = text === undefined ? {} : { text };
        return ask(new URL(found.action, origin), { ...found.hidden, code: found.code, ...words });
      }
      throw new Error(`no button ${label} on the page: ${seen.replace(/<[^>]+>/g, " ").slice(0, 2000)}`);
    },
    /** Listens to what happens in the chat from now on, or from after an event. */
    async listen(
      origin: string,
      from: { readonly after?: string; readonly lastEventId?: string } = {},
    ): Promise<Stream> {
      const stop = new AbortController();
      const url = new URL(`/chat/events${from.after === undefined ? "" : `?after=${from.after}`}`, origin);
      const last = from.lastEventId === undefined ? {} : { "last-event-id": from.lastEventId };
      const response = await fetch(url, { headers: { ...headers(), ...last }, signal: stop.signal });
      if (response.status !== 200 || !response.body) throw new Error(`the stream answers ${response.status}`);
      const heard: Heard[] = [];
      read(response.body as unknown as AsyncIterable<Uint8Array>, heard).catch(() => {});
      return {
        heard,
        async hears(pattern, ms = 10_000) {
          for (const until = Date.now() + ms; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
            const found = heard.find(({ data }) => pattern.test(data));
            if (found) return found;
            if (Date.now() > until) throw new Error(`not heard ${pattern}: ${JSON.stringify(heard).slice(0, 3000)}`);
          }
        },
        close: () => stop.abort(),
      };
    },
  };
};
