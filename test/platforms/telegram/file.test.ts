import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { FILE_BYTES } from "../../../src/domain/attachment.ts";
import { openHttp } from "../../../src/http/open-http.ts";
import type { FetchedFile } from "../../../src/ports/chat-platform.ts";
import { type TelegramWorld, telegramWorld } from "./world.ts";

let world: TelegramWorld;
const endings: (() => unknown)[] = [];
afterEach(async () => {
  await world.close();
  for (const end of endings.splice(0)) await end();
});

const never = new AbortController().signal;
const fetched = (id: string): Promise<FetchedFile> =>
  world.platform.file?.(id, never) ?? Promise.reject(new Error("it has no files"));
const length = async (file: FetchedFile): Promise<number> => {
  if (file.kind === "none") throw new Error(file.why);
  let bytes = 0;
  for await (const chunk of file.body) bytes += chunk.length;
  return bytes;
};

/** In the platform's place: `getFile` answers with this, and whatever else is asked for goes to `give`. */
const inItsPlace = async (file: object, give: Parameters<typeof createServer>[1]) => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    if (request.method === "POST") response.end(JSON.stringify({ ok: true, result: file }));
    else give?.(request, response as never);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const http = openHttp(origin, { connections: 1 });
  endings.push(http.close, () => server.close().closeAllConnections());
  world = await telegramWorld({ server: { pace: null }, parts: { http } });
  return { origin, asked };
};

it("fetches what somebody sent, up to twenty megabytes, and says why where it does not", async () => {
  world = await telegramWorld({ server: { pace: null } });
  const { files } = world.server;
  files
    .set("small", Buffer.from("photo"))
    .set("most", Buffer.alloc(FILE_BYTES))
    .set("more", Buffer.alloc(FILE_BYTES + 1));
  expect(await fetched("small")).toMatchObject({ kind: "file", bytes: 5 });
  expect([await length(await fetched("small")), await length(await fetched("most"))]).toEqual([5, FILE_BYTES]);
  expect(await fetched("more")).toEqual({ kind: "none", why: "too-big" });
  expect(await fetched("nothing")).toEqual({ kind: "none", why: "unknown" });
  await world.server.close();
  expect(await fetched("small")).toEqual({ kind: "none", why: "away" });
  expect(JSON.stringify(world.log.entries)).not.toContain(world.server.token);
});

it("stops at a file that is longer than was said", async () => {
  await inItsPlace({ file_path: "photos/1.jpg" }, (_, response) => {
    const chunk = Buffer.alloc(1 << 20);
    const more = () => void (response.writable && response.write(chunk, () => setImmediate(more)));
    response.on("error", () => {});
    more();
  });
  await expect(fetched("endless").then(length)).rejects.toThrow("longer");
});

it("takes nothing from another host, nor from outside of the bot's own folder", async () => {
  let strangers = 0;
  const stranger = createServer((_, response) => {
    strangers += 1;
    response.end("stolen");
  }).listen(0, "127.0.0.1");
  endings.push(() => stranger.close().closeAllConnections());
  await new Promise((resolve) => stranger.once("listening", resolve));
  const elsewhere = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`;
  const file: { file_path: string } = { file_path: "photos/1.jpg" };
  const { asked } = await inItsPlace(file, (_, response) => response.writeHead(302, { location: elsewhere }).end());
  expect(await fetched("led away")).toEqual({ kind: "none", why: "away" });
  for (const path of ["../getMe", "/etc/passwd", `${elsewhere}x`, "a/../../b", ""]) {
    file.file_path = path;
    expect([path, await fetched("x")]).toEqual([path, { kind: "none", why: "unknown" }]);
  }
  expect([strangers, asked.filter((url) => url.startsWith("/file/")).length]).toEqual([0, 1]);
});
