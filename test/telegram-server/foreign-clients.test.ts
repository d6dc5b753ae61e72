import { Bot, type GrammyError } from "grammy";
import { Api, InputFile } from "node-telegram-bot-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Person } from "./people.ts";
import type { TelegramServer } from "./server.ts";
import { telegramServer } from "./server.ts";

/** What the strict server is to be trusted for, shown by clients that other people wrote. */
describe("the strict Telegram server", () => {
  let server: TelegramServer;
  let person: Person;
  beforeAll(async () => {
    server = await telegramServer({ pace: 0.01 });
    person = server.person({ name: "沙马阿依" });
  });
  afterAll(() => server.close());

  const grammy = () => new Bot(server.token, { client: { apiRoot: server.url } });

  it("serves grammY: long polling, a message, a tap and its answer, an edit", async () => {
    const bot = grammy();
    const heard: string[] = [];
    bot.command("start", async (context) => {
      heard.push(`start ${context.match}`);
      const keyboard = { inline_keyboard: [[{ text: "✅ 知道了", callback_data: "ack" }]] };
      await context.reply("<b>汛期</b> 安全检查", { parse_mode: "HTML", reply_markup: keyboard });
    });
    bot.on("callback_query:data", async (context) => {
      heard.push(context.callbackQuery.data);
      await context.answerCallbackQuery({ text: "记下了" });
      await context.editMessageText("✅ 已认领");
    });
    const running = bot.start();
    person.starts("CODE-1");
    await expect.poll(() => person.shows().at(-1)?.text).toBe("汛期 安全检查");
    person.taps("✅ 知道了");
    await expect.poll(() => person.shows().at(-1)?.text).toBe("✅ 已认领");
    expect(heard).toEqual(["start CODE-1", "ack"]);
    expect(person.shows().at(-1)?.rows).toEqual([]);
    await bot.stop();
    await running;
  });

  it("serves node-telegram-bot-api, which posts JSON and uploads files in parts", async () => {
    const api = new Api(server.token, { apiRoot: server.url });
    const reader = server.person();
    const words = { chat_id: reader.id, text: "请查 <code>3</code> 处", parse_mode: "HTML" } as const;
    const sent = await api.sendMessage(words);
    expect(reader.shows().at(-1)).toMatchObject({ id: sent.message_id, text: "请查 3 处" });
    const file = new InputFile(Buffer.from("%PDF-1.7"), { filename: "letter.pdf" });
    await api.sendDocument({ chat_id: reader.id, document: file, caption: "文件" });
    expect(reader.shows().at(-1)).toMatchObject({ text: "文件", kind: "document" });
  });

  it("refuses in the official words", async () => {
    const { api } = grammy();
    const stranger = server.person({ started: false });
    const refused = (work: Promise<unknown>) =>
      work.then(
        () => "accepted",
        (error: GrammyError) => `${error.error_code} ${error.description}`,
      );
    expect(await refused(api.sendMessage(stranger.id, "x"))).toBe("400 Bad Request: chat not found");
    expect(await refused(api.sendMessage(person.id, "x".repeat(4097)))).toBe("400 Bad Request: message is too long");
    expect(await refused(api.sendMessage(person.id, "<b>x", { parse_mode: "HTML" }))).toMatch(/can't parse entities/);
    const long = { inline_keyboard: [[{ text: "x", callback_data: "я".repeat(33) }]] };
    expect(await refused(api.sendMessage(person.id, "x", { reply_markup: long }))).toMatch(/66 bytes/);
    expect(await refused(api.answerCallbackQuery("nobody's"))).toMatch(/query is too old/);
    person.blocks();
    expect(await refused(api.sendMessage(person.id, "x"))).toBe("403 Forbidden: bot was blocked by the user");
    person.unblocks();
    const { id } = await api.sendMessage(person.id, "same").then(({ message_id }) => ({ id: message_id }));
    expect(await refused(api.editMessageText(person.id, id, "same"))).toMatch(/message is not modified/);
  });

  it("holds the published limits", async () => {
    const narrow = await telegramServer({ flood: { all: 2 } });
    const { api } = new Bot(narrow.token, { client: { apiRoot: narrow.url } });
    const readers = Array.from({ length: 40 }, () => narrow.person());
    const outcomes = await Promise.allSettled(readers.map(({ id }) => api.sendMessage(id, "x")));
    const refused = outcomes.flatMap((outcome) =>
      outcome.status === "rejected" ? [outcome.reason as GrammyError] : [],
    );
    expect(refused.length).toBeGreaterThanOrEqual(5);
    expect(refused.every(({ error_code: code, parameters }) => code === 429 && parameters.retry_after === 1)).toBe(
      true,
    );
    expect(narrow.worstSecond()).toBeLessThanOrEqual(2);
    await narrow.close();
  });

  it("posts to a webhook with its secret, again until it is taken, each chat in its order", async () => {
    const { createServer } = await import("node:http");
    const got: { secret: unknown; text?: string }[] = [];
    let broken = 2;
    const ears = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        broken -= 1;
        if (broken >= 0) return response.writeHead(503).end();
        got.push({ secret: request.headers["x-telegram-bot-api-secret-token"], text: JSON.parse(body).message?.text });
        return response.end();
      });
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => ears.once("listening", resolve));
    const { port } = ears.address() as { port: number };
    const { api } = grammy();
    await api.setWebhook(`http://127.0.0.1:${port}/hook`, {
      secret_token: "s3cret",
      allowed_updates: ["message"],
    });

    person.says("一");
    person.says("二");
    await expect.poll(() => got.flatMap(({ text }) => text ?? [])).toEqual(["一", "二"]);
    expect(got.at(-1)?.secret).toBe("s3cret");
    await expect(api.getUpdates()).rejects.toThrow(/webhook is active/);
    await api.deleteWebhook();
    ears.close();
  });
});
