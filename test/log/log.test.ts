import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openLog } from "../../src/log/log.ts";

const written = (
  write: (log: ReturnType<typeof openLog>) => void,
  level = "info",
  secrets: readonly string[] = [],
): readonly Record<string, unknown>[] => {
  const lines: string[] = [];
  write(openLog(level, { write: (line) => lines.push(line) }, secrets));
  return lines.map((line) => JSON.parse(line));
};

const MASKED = "[masked]";

describe("the log", () => {
  it("writes one JSON document a line: when, how bad, what happened, and its fields", () => {
    const [line] = written((log) => log("delivery-sent", { delivery: "7", state: "sent" }));
    expect(line).toMatchObject({ level: "info", event: "delivery-sent", delivery: "7", state: "sent" });
    expect(new Date(String(line?.time)).getTime()).toBeGreaterThan(0);
  });

  it("leaves out what is below its level", () => {
    expect(written((log) => log("nothing-special"), "warn")).toEqual([]);
    expect(written((log) => log.warn("queue-lost"), "warn")).toHaveLength(1);
  });

  it.each([
    [
      "a Telegram token",
      "https://api.telegram.org/bot1234567890:AAH-abcdefghijklmnopqrstuvwxyz012345/sendMessage",
      "AAH-abc",
    ],
    ["a Slack token", "token xoxb-123-abc-DEF refused", "xoxb-123"],
    ["a bearer", "authorization: Bearer abc.def-ghi", "abc.def"],
    ["an API token", "cda_api_0123456789abcdef", "0123456789abcdef"],
    ["a password in an address", "connect postgresql://chuanda:geheim@10.0.0.1/db", "geheim"],
    ["a personal link", "GET /chat/enter/q3b7yYp0Zx-abc", "q3b7yYp0Zx"],
    ["a mobile number", "person 13812345678 and +8613812345678", "13812345678"],
    ["a password with an @ in it", "connect redis://u:geh@eim@10.0.0.1/0", "geh@eim"],
    ["a mobile number in groups", "person 138-1234-5678 and 86 138 1234 5678", "1234"],
    ["a private key", "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw\n-----END PRIVATE KEY-----", "MC4CAQ"],
    ["a private key that was cut off", "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw", "MC4CAQ"],
    ["an identity number", "id 51340119900101123X", "51340119900101123X"],
    ["an e-mail address", "from an.example@mail.example.org", "an.example@mail"],
  ])("carries no %s out, wherever it stands", (_, text, secret) => {
    const inner = new Error(`deep ${text}`);
    const lines = written((log) => {
      log("something-failed", { text, nested: { text } });
      log.error("something-failed", { err: new Error(text, { cause: inner }) });
    });
    expect(JSON.stringify(lines)).not.toContain(secret);
    expect(JSON.stringify(lines)).toContain("[masked]");
  });

  it("carries none of the installation's own secrets out, whatever they look like and wherever they stand", () => {
    const anyText = fc.string({ unit: "binary", maxLength: 20 });
    const anySecret = fc
      .string({ unit: "binary", minLength: 8, maxLength: 60 })
      .filter((text) => !MASKED.includes(text));
    fc.assert(
      fc.property(anySecret, anyText, anyText, (secret, before, after) => {
        const text = `${before}${secret}${after}`;
        const inner = Object.assign(new Error(text), { code: text });
        const all = new AggregateError([inner, text], text, { cause: new TypeError(text, { cause: text }) });
        const told = written(
          (log) => {
            log("something", { text, deep: [{ text }] });
            log.error("something-failed", { err: all });
            log.error("something-failed", { err: text });
          },
          "info",
          [secret],
        );
        expect(told).toHaveLength(3);
        const values: string[] = [];
        JSON.stringify(told, (_, value) => {
          if (typeof value === "string") values.push(value);
          return value;
        });
        // What is left around it may spell the secret once more, as the first and last letters of "abxab" do of "ab".
        const around = `${before}${MASKED}${after}`;
        for (const value of values) expect(value.includes(secret) && !around.includes(secret)).toBe(false);
        expect(values.filter((value) => value.includes(MASKED)).length).toBeGreaterThan(6);
      }),
      { numRuns: 60 },
    );
  });

  it("stays JSON, whatever is taken out of it", () => {
    const risky = fc.constantFrom(
      ...'\n \t \\ " 13812345678 a@b.cn bot1234567890:AAH-abcdefghijklmnopqrstuvwxyz012345 ://u:p@h token=x'.split(" "),
    );
    fc.assert(
      fc.property(fc.array(risky, { maxLength: 8 }), (parts) => {
        const [line] = written((log) => log("something", { text: parts.join("\n"), n: 13812345678 }));
        expect(line?.n).toBe(MASKED);
        expect(String(line?.text)).not.toMatch(/13812345678|AAH-|token=x/);
      }),
      { numRuns: 300 },
    );
  });

  it("tells an error's causes, and nothing that a library hung on it", () => {
    const lost = Object.assign(new Error("lost"), {
      code: "ECONNRESET",
      client: { host: "10.0.0.1", user: "chuanda" },
    });
    const [line] = written((log) =>
      log.warn("database-lost", { err: new AggregateError([lost], "all", { cause: "why" }) }),
    );
    const err = line?.err as { errors: readonly Record<string, unknown>[] } | undefined;
    const { stack, ...told } = { ...err?.errors[0] };
    expect(told).toEqual({ type: "Error", message: "lost", code: "ECONNRESET" });
    expect(stack).toContain("log.test.ts");
    expect(err).toMatchObject({ type: "AggregateError", cause: { type: "string", message: "why" } });
    expect(JSON.stringify(line)).not.toContain("10.0.0.1");
  });

  it("leaves ordinary numbers alone", () => {
    const [line] = written((log) => log("import-done", { people: 13812345, ms: 1790123456789 }));
    expect(line).toMatchObject({ people: 13812345, ms: 1790123456789 });
  });
});
