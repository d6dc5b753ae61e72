import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { written } from "../../../src/platforms/slack/said.ts";
import { WEBHOOK_PATH } from "../../../src/platforms/slack/webhook.ts";

it("is a manifest under which everything that the adapter uses is allowed, told, and posted to its one path", () => {
  const { features, oauth_config: oauth, settings } = parse(readFileSync("src/platforms/slack/manifest.yaml", "utf8"));
  const source = ["read-event.ts", "said.ts"]
    .map((file) => readFileSync(`src/platforms/slack/${file}`, "utf8"))
    .join("");
  const heard: readonly string[] = settings.event_subscriptions.bot_events;
  for (const event of heard) expect(source).toContain(`"${event.replace(".im", "")}"`);
  expect(heard).toHaveLength(5);
  for (const { callback_id: name } of features.shortcuts)
    expect(written(name)).toEqual({ kind: "command", name, argument: "" });
  const [command] = features.slash_commands;
  const urls = [command.url, settings.event_subscriptions.request_url, settings.interactivity.request_url];
  expect(urls.map((url) => new URL(url).pathname)).toEqual(Array(3).fill(WEBHOOK_PATH));
  expect(features.app_home.messages_tab_enabled).toBe(true);
  expect(oauth.scopes.bot).toEqual([
    "chat:write",
    "im:write",
    "im:history",
    "commands",
    "users:read",
    "users:read.email",
  ]);
});
