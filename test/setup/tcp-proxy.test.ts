import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type TcpProxy, tcpProxy } from "./tcp-proxy.ts";

let echo: Server;
let proxy: TcpProxy;
const heard: string[] = [];

beforeEach(async () => {
  heard.length = 0;
  echo = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      heard.push(String(bytes));
      socket.write(bytes);
    });
  }).listen(0, "127.0.0.1");
  await once(echo, "listening");
  proxy = await tcpProxy((echo.address() as { port: number }).port);
});
afterEach(async () => {
  await proxy.close();
  echo.close();
});

/** A client of the proxy, and what happens to it. */
const client = async () => {
  const socket: Socket = connect({ port: proxy.port, host: "127.0.0.1", allowHalfOpen: true });
  await once(socket, "connect");
  let text = "";
  let fate = "open";
  socket.on("data", (bytes) => {
    text += bytes;
  });
  socket.on("end", () => {
    fate = "ended";
  });
  socket.on("error", () => {
    fate = "reset";
  });
  return { socket, text: () => text, fate: () => fate };
};

it("passes everything on, and later when it is told to", async () => {
  const { socket, text } = await client();
  socket.write("a");
  await expect.poll(text).toBe("a");
  proxy.delay(150);
  const asked = Date.now();
  socket.write("b");
  socket.write("c");
  await expect.poll(text).toBe("abc");
  // There and back.
  expect(Date.now() - asked).toBeGreaterThanOrEqual(295);
  expect(proxy.count()).toBe(1);
});

it("swallows nothing in a black hole, tells nobody, and brings it all afterwards", async () => {
  const { socket, text, fate } = await client();
  proxy.blackHole();
  socket.write("a");
  const late = await client();
  late.socket.write("b");
  await sleep(150);
  expect([heard, text(), fate(), late.text()]).toEqual([[], "", "open", ""]);
  proxy.heal();
  await expect.poll(() => [text(), late.text()]).toEqual(["a", "b"]);
});

it("leaves old connections dead after a firewall has forgotten them, while new ones work", async () => {
  const old = await client();
  proxy.blackHole();
  proxy.forget();
  old.socket.write("a");
  const fresh = await client();
  fresh.socket.write("b");
  await expect.poll(fresh.text).toBe("b");
  expect([old.text(), old.fate(), heard]).toEqual(["", "open", ["b"]]);
});

it("cuts a connection after so many bytes of the answer", async () => {
  const { socket, text, fate } = await client();
  socket.write("a");
  await expect.poll(text).toBe("a");
  proxy.cutAfter(3);
  socket.write("bcdef");
  await expect.poll(fate).not.toBe("open");
  expect(text()).toBe("abcd");
});

it("ends one half and leaves the other open", async () => {
  const { socket, fate } = await client();
  socket.write("a");
  await expect.poll(() => heard).toEqual(["a"]);
  proxy.halfClose();
  await expect.poll(fate).toBe("ended");
  socket.write("b");
  await expect.poll(() => heard).toEqual(["a", "b"]);
});
