import { setTimeout as sleep } from "node:timers/promises";

/** One simulated person's browser: it follows its link, keeps its cookie, and presses what it can see. */
export interface Client {
  /** Opens the chat by a personal link. */
  enter(path: string): Promise<void>;
  /** Presses the first button that begins with ✅, if there is one; returns whether there was. */
  acknowledge(): Promise<boolean>;
  /** Answers for the first open unit that it may, with a reason; returns whether there was one. */
  answerForSomebody(reason: string): Promise<boolean>;
}

/** How long somebody looks at a list before answering from it. */
const READS_MS = 4_000;
const FORM = /<form[^>]*action="([^"]+)"[^>]*>([\s\S]*?)<\/form>/g;
const HIDDEN = /<input type="hidden" name="([^"]+)" value="([^"]*)"/g;
const ACKNOWLEDGES = /<button[^>]*name="code" value="([^"]+)"[^>]*>(?:<[^>]+>)*✅/;

interface Press {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly needsWords: boolean;
}

/** The forms of a page that acknowledge something, in reading order. */
const presses = (page: string): readonly Press[] =>
  [...page.matchAll(FORM)].flatMap(([, action = "", inside = ""]) => {
    const code = ACKNOWLEDGES.exec(inside)?.[1];
    if (!code) return [];
    const hidden = [...inside.matchAll(HIDDEN)].map(([, name = "", value = ""]) => [name, value]);
    return [{ action, fields: { ...Object.fromEntries(hidden), code }, needsWords: inside.includes('name="text"') }];
  });

export const client = (origin: string): Client => {
  let cookie = "";
  const ask = async (path: string, form?: Readonly<Record<string, string>>): Promise<string> => {
    const response = await fetch(new URL(path, origin), {
      redirect: "manual",
      headers: { cookie, origin, accept: "text/html" },
      ...(form ? { method: "POST", body: new URLSearchParams(form) } : {}),
    });
    cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
    return response.text();
  };
  const press = async ({ action, fields }: Press, words?: string): Promise<boolean> => {
    await ask(action, words === undefined ? fields : { ...fields, text: words });
    return true;
  };
  return {
    async enter(path) {
      const page = await ask(path);
      const fields = [...page.matchAll(HIDDEN)].map(([, name = "", value = ""]) => [name, value]);
      await ask(path, Object.fromEntries(fields));
    },
    async acknowledge() {
      const found = presses(await ask("/chat")).find(({ needsWords }) => !needsWords);
      return found ? press(found) : false;
    },
    async answerForSomebody(reason) {
      await ask("/chat/say", { quick: "proxy", nonce: crypto.randomUUID() });
      await sleep(READS_MS);
      const found = presses(await ask("/chat")).find(({ needsWords }) => needsWords);
      return found ? press(found, reason) : false;
    },
  };
};
