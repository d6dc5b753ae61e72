import { text } from "node:stream/consumers";
import { App, LogLevel } from "@slack/bolt";
import { WebClient } from "@slack/web-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SlackServer } from "./server.ts";
import { slackServer } from "./server.ts";

/** What the strict server is to be trusted for, shown by the official clients. */
describe("the strict Slack server", () => {
  let server: SlackServer;
  beforeAll(async () => {
    server = await slackServer({ pace: 0.0001, limits: { all: 100, channel: 100, scale: 10 } });
  });
  afterAll(() => server.close());

  const client = (token = server.token, options: ConstructorParameters<typeof WebClient>[1] = {}) =>
    new WebClient(token, { slackApiUrl: server.apiUrl, retryConfig: { retries: 0 }, ...options });
  const why = (work: Promise<unknown>) =>
    work.then(
      () => "accepted",
      (error: { data?: { error?: string }; code?: string }) => error.data?.error ?? error.code,
    );
  const button = (actionId: string, label = "✅ 知道了") => ({
    type: "button" as const,
    action_id: actionId,
    value: "v",
    text: { type: "plain_text" as const, text: label },
  });
  const section = (text: string) => ({ type: "section" as const, text: { type: "mrkdwn" as const, text } });
  const modal = (title = "登记") => ({
    type: "modal" as const,
    callback_id: "form",
    title: { type: "plain_text" as const, text: title },
    submit: { type: "plain_text" as const, text: "交上去" },
    blocks: [
      {
        type: "input" as const,
        block_id: "name",
        label: { type: "plain_text" as const, text: "姓名" },
        element: { type: "plain_text_input" as const, action_id: "name" },
      },
    ],
  });

  /** A Bolt app that greets, answers a press with a window, and turns the first submission back. */
  const greeter = async (how: { readonly sockets: boolean }) => {
    const shared = { token: server.token, logLevel: LogLevel.ERROR };
    const clientOptions = { slackApiUrl: server.apiUrl };
    const app: App = how.sockets
      ? new App({ ...shared, socketMode: true, appToken: server.appToken, clientOptions })
      : new App({ ...shared, signingSecret: server.signingSecret, clientOptions });
    const heard: string[] = [];
    app.message(async ({ message, say }) => {
      heard.push(`message ${"text" in message ? message.text : ""}`);
      await say({ text: "您好", blocks: [section("*您好*"), { type: "actions", elements: [button("go")] }] });
    });
    app.action("go", async ({ ack, body, client: web }) => {
      await ack();
      if (body.type === "block_actions") await web.views.open({ trigger_id: body.trigger_id, view: modal() });
    });
    app.view("form", async ({ ack, view }) => {
      const name = view.state.values.name?.name?.value ?? "";
      heard.push(`form ${name}`);
      await (name === "" ? ack({ response_action: "errors", errors: { name: "请写姓名" } }) : ack());
    });
    app.command("/chuanda", async ({ ack, command }) => {
      heard.push(`command ${command.text}`);
      await ack();
    });
    app.shortcut("todo", async ({ ack }) => {
      heard.push("shortcut");
      await ack();
    });
    app.event("app_home_opened", async ({ event, client: web }) => {
      await web.views.publish({ user_id: event.user, view: { type: "home", blocks: [section("没有事")] } });
    });
    const running = (await app.start({ port: 0, host: "127.0.0.1" } as unknown as number)) as unknown as {
      address?: () => { port: number };
    };
    const port = how.sockets ? 0 : (running.address?.().port ?? 0);
    server.inbound.postTo(how.sockets ? null : `http://127.0.0.1:${port}/slack/events`);
    return { app, heard };
  };

  for (const sockets of [false, true])
    it(`serves Bolt ${sockets ? "over sockets" : "by posting, signed"}: a message, a press, a window with an error in place, a command, a shortcut, the home`, async () => {
      const { app, heard } = await greeter({ sockets });
      await expect.poll(() => server.inbound.isOpen()).toBe(true);
      const person = server.person();
      person.says("在吗 <&>");
      await expect.poll(() => person.shows().at(-1)?.text).toBe("*您好*");
      person.presses("✅ 知道了");
      await expect.poll(() => person.window()?.asks).toEqual({ name: [] });
      await person.submits({ name: "" });
      expect(person.window()?.errors).toEqual({ name: "请写姓名" });
      await person.submits({ name: "周建国" });
      expect(person.window()).toBeNull();
      person.runs("todo");
      person.uses("todo");
      person.opensHome();
      await expect.poll(() => person.home()?.text).toBe("没有事");
      await expect.poll(() => heard).toContain("shortcut");
      expect(heard).toEqual(expect.arrayContaining(["message 在吗 &lt;&amp;&gt;", "form 周建国", "command todo"]));
      expect([person.warnings(), server.violations]).toEqual([0, []]);
      await app.stop();
      server.inbound.postTo(null);
    });

  it("refuses in Slack's own words", async () => {
    const api = client();
    const person = server.person({ open: false });
    const say = (text: string, blocks?: readonly unknown[]) =>
      why(api.chat.postMessage({ channel: person.id, text, ...(blocks ? { blocks: blocks as never } : {}) }));
    expect(await why(client("xoxb-wrong").auth.test())).toBe("invalid_auth");
    expect(await say("x")).toBe("channel_not_found");
    expect(await why(api.conversations.open({ users: "U0NOBODY" }))).toBe("user_not_found");
    await api.conversations.open({ users: person.id });
    const sent = await api.chat.postMessage({ channel: person.id, text: "一" });
    expect(await why(api.chat.update({ channel: person.id, ts: String(sent.ts), text: "二" }))).toBe(
      "channel_not_found",
    );
    await api.chat.update({ channel: String(sent.channel), ts: String(sent.ts), text: "二" });
    expect(person.shows().map(({ text }) => text)).toEqual(["二"]);
    expect(await why(api.chat.update({ channel: String(sent.channel), ts: "1.000001", text: "x" }))).toBe(
      "message_not_found",
    );
    expect(await say("x", [section("字".repeat(3001))])).toBe("invalid_blocks");
    expect(await say("x", Array(51).fill(section("x")))).toBe("invalid_blocks");
    expect(await say("x", [{ type: "actions", elements: [button("a"), button("a")] }])).toBe("invalid_blocks");
    expect(await say("x", [{ type: "actions", elements: [button("a", "字".repeat(76))] }])).toBe("invalid_blocks");
    expect(await say("x", Array(5).fill(section("字".repeat(2900))))).toBe("msg_blocks_too_long");
    expect(await why(api.views.open({ trigger_id: "13.never", view: modal() }))).toBe("invalid_trigger_id");
    expect(await why(api.users.lookupByEmail({ email: "nobody@example.org" }))).toBe("users_not_found");
    expect((await api.users.lookupByEmail({ email: `${person.id}@example.org`.toLowerCase() })).user?.id).toBe(
      person.id,
    );
    person.leaves();
    expect(await say("x")).toBe("is_archived");
    expect(await why(api.conversations.open({ users: person.id }))).toBe("user_disabled");
    expect(server.violations.length).toBeGreaterThanOrEqual(5);
  });

  it("keeps to the published limits, per conversation, per method and for the workspace, and says for how long", async () => {
    const narrow = await slackServer({ limits: { all: 3, channel: 1, scale: 0.04 } });
    const api = new WebClient(narrow.token, { slackApiUrl: narrow.apiUrl, rejectRateLimitedCalls: true });
    const [one, two, three] = [narrow.person(), narrow.person(), narrow.person()];
    const say = (channel: string) => why(api.chat.postMessage({ channel, text: "x" }));
    expect(await say(one.id)).toBe("accepted");
    expect(await say(one.id)).toBe("slack_webapi_rate_limited_error");
    expect([await say(two.id), await say(three.id)]).toEqual(["accepted", "accepted"]);
    expect(await say(narrow.person().id)).toBe("slack_webapi_rate_limited_error");
    const update = () => api.chat.update({ channel: one.channel, ts: one.shows()[0]?.ts ?? "", text: "y" });
    await update();
    await update();
    await expect(update()).rejects.toMatchObject({ retryAfter: expect.any(Number) });
    await narrow.close();
  });

  it("takes files in three steps, and gives them to whoever bears the token", async () => {
    const person = server.person();
    const file = Buffer.from("%PDF-1.7");
    await client().filesUploadV2({ channel_id: person.channel, file, filename: "letter.pdf" });
    const [stored] = [...server.files.values()];
    expect(stored).toMatchObject({ name: "letter.pdf", shared: true });
    const fetched = (authorization?: string) =>
      fetch(`${server.url}/files-pri/${stored?.id}`, {
        redirect: "manual",
        headers: authorization ? { authorization } : {},
      });
    expect((await fetched()).status).toBe(302);
    expect(Buffer.from(await (await fetched(`Bearer ${server.token}`)).arrayBuffer())).toEqual(file);
  });

  it("tells an event again until it is taken, and an interaction once", async () => {
    const { createServer } = await import("node:http");
    const got: (string | undefined)[] = [];
    const ears = createServer(async (request, response) => {
      const body = await text(request);
      // What somebody said before, and nobody took, is told again still.
      const earlier = body.includes("event_callback") && !body.includes("一");
      if (!earlier) got.push(request.headers["x-slack-retry-num"] as string | undefined);
      response.writeHead(!earlier && got.length < 3 ? 503 : 200).end();
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => ears.once("listening", resolve));
    server.inbound.postTo(`http://127.0.0.1:${(ears.address() as { port: number }).port}/`);
    const person = server.person();
    person.says("一");
    await expect.poll(() => got).toEqual([undefined, "1", "2"]);
    got.length = 0;
    person.runs("todo");
    await expect.poll(() => person.warnings()).toBe(1);
    expect(got).toEqual([undefined]);
    server.inbound.postTo(null);
    ears.closeAllConnections();
    ears.close();
  });
});
