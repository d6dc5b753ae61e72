import { execFile } from "node:child_process";
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type DoorParts, openControlDoor } from "../../src/cli/control-door.ts";
import { knock } from "../../src/cli/control-knock.ts";
import { stopRequest } from "../../src/cli/stop-request.ts";
import { Stopped } from "../../src/cli/stopped.ts";
import type { Station } from "../../src/cli/terminal.ts";
import { phrase } from "../../src/dialogue/phrase.ts";
import { testLog } from "../setup/log.ts";

let dataDir: string;
let close: () => Promise<void>;
let carried: unknown[];
const path = (name: string) => join(dataDir, name);
const mode = (name: string) => statSync(path(name)).mode & 0o777;

const open = async (carry: DoorParts["carry"], requestMs?: number): Promise<void> => {
  const parts: DoorParts = {
    version: "1.2.3",
    log: testLog(),
    say: ({ key }) => key,
    carry: (request, station, stop) => {
      carried.push(request.invocation);
      return carry(request, station, stop).catch((error) => (error instanceof Stopped ? error.code : 1));
    },
  };
  close = await openControlDoor(dataDir, parts, requestMs);
};

/** A command's own terminal, which remembers. */
const terminal = () => {
  const said = { out: [] as string[], err: [] as string[], bytes: 0 };
  const station: Station = {
    width: 80,
    say: ({ key }) => key,
    out: (line) => void said.out.push(line),
    err: (line) => void said.err.push(line),
    progress: () => {},
    write: async (bytes) => {
      said.bytes += bytes.length;
    },
  };
  return { said, station };
};
const invocation = { command: "verify", file: null, saveHead: null, json: false } as const;
const ask = (to = terminal(), version = "1.2.3", stop = stopRequest()) =>
  knock({ dataDir, version, invocation, locale: "en", stop }, to.station);

const request = (token: string, more: object = {}) =>
  `${JSON.stringify({ token, invocation, locale: "en", width: 80, cwd: "/", ...more })}\n`;
const ownToken = () => readFileSync(path("control.token"), "utf8");

/** What a visitor hears who says this, until the door is shut. */
const visit = (said: string | Uint8Array): Promise<string> =>
  new Promise((resolve) => {
    let heard = "";
    const socket = connect(path("control.sock"));
    socket.setEncoding("utf8").on("data", (text) => {
      heard += text;
    });
    socket.on("error", () => {}).on("close", () => resolve(heard));
    socket.write(said);
  });

const asNobody = (script: string): Promise<string> =>
  new Promise((resolve) => {
    const how = { uid: 65_534, gid: 65_534, cwd: "/" };
    execFile(process.execPath, ["-e", script], how, (error, out, err) => resolve(out || err || String(error)));
  });

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "chuanda-door-"));
  carried = [];
  close = async () => {};
});
afterEach(async () => {
  await close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe("the private door", () => {
  it("is its user's alone from the first moment on, whatever lay there before", async () => {
    chmodSync(dataDir, 0o755);
    writeFileSync(path("victim"), "left alone", { mode: 0o644 });
    for (const name of ["control.sock", "control.token"]) symlinkSync(path("victim"), path(name));
    const before = process.umask(0);
    const opened = open(async () => 0);
    // The socket has its rights before anybody can find it: nothing is mended afterwards.
    const rights = [mode("control.sock"), mode("control.token"), process.umask()];
    await opened;
    process.umask(before);
    expect(rights).toEqual([0o600, 0o600, 0]);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(readFileSync(path("victim"), "utf8")).toBe("left alone");
    expect(await ask()).toBe(0);
  });

  it.skipIf(process.getuid?.() !== 0)("is shut to every other user of the machine", async () => {
    await open(async () => 0);
    // Also where the directory lets them in.
    chmodSync(dataDir, 0o755);
    const [token, socket] = await Promise.all([
      asNobody(`require("fs").readFileSync(${JSON.stringify(path("control.token"))})`),
      asNobody(
        `require("net").connect(${JSON.stringify(path("control.sock"))}).on("connect", () => console.log("in"))`,
      ),
    ]);
    expect(token).toContain("EACCES");
    expect(socket).toContain("EACCES");
    expect(carried).toEqual([]);
  });

  it("does nothing for a wrong token, for noise, for too much, and shuts after whoever says nothing", async () => {
    await open(async () => 0, 300);
    const token = ownToken();
    const visits = [
      ...["", "x", `${token}x`, token.slice(1)].map((wrong) => visit(request(wrong))),
      ...[
        "null\n",
        "{}\n",
        "GET / HTTP/1.1\r\n\r\n",
        "[",
        request(token, { locale: "fr" }),
        request(token, { width: "x" }),
      ].map(visit),
      ...[visit(request(token, { invocation: ["rm"] })), visit(new Uint8Array(3 * 1024 * 1024).fill(0x61)), visit("")],
    ];
    for (const heard of await Promise.all(visits)) expect(heard).toBe('{"hello":"1.2.3"}\n');
    expect(carried).toEqual([]);
    expect(await visit(request(token))).toContain('{"exit":0}');
  });

  it("gives several who ask at once their own answers", async () => {
    await open(async (_, station) => {
      const mine = String(carried.length);
      station.out(mine);
      await new Promise((resolve) => setImmediate(resolve));
      station.err(mine);
      return 0;
    });
    const terminals = Array.from({ length: 5 }, terminal);
    expect(await Promise.all(terminals.map((each) => ask(each)))).toEqual([0, 0, 0, 0, 0]);
    for (const { said } of terminals) expect(said.out).toEqual(said.err);
    expect(new Set(terminals.map(({ said }) => said.out.join())).size).toBe(5);
  });

  it("hands bytes over no faster than they are taken, and all of them", async () => {
    let written = 0;
    await open(async (_, station) => {
      for (; written < 8; written += 1) await station.write(Buffer.alloc(1024 * 1024, written));
      return 0;
    });
    const slow = terminal();
    let held: number | null = null;
    const station: Station = {
      ...slow.station,
      write: async (bytes) => {
        // Whoever stops reading finds that the service has stopped writing, too.
        if (held === null) {
          await new Promise((resolve) => setTimeout(resolve, 300));
          held = written;
        }
        await slow.station.write(bytes);
      },
    };
    expect(await ask({ ...slow, station })).toBe(0);
    expect(held).toBeLessThan(4);
    expect(slow.said.bytes).toBe(8 * 1024 * 1024);
  });

  it("stops a command at its next safe point when that is asked for, or when whoever asked is gone", async () => {
    const ends: unknown[] = [];
    await open(async (_, station) => {
      try {
        for (let done = 0; ; done += 1) {
          station.progress({ phase: phrase("verify.phase"), done, total: null });
          await new Promise((resolve) => setImmediate(resolve));
        }
      } catch (error) {
        ends.push(error);
        throw error;
      }
    });
    const stop = stopRequest();
    const asked = ask(terminal(), "1.2.3", stop);
    await expect.poll(() => carried.length).toBe(1);
    stop.ask();
    expect(await asked).toBe(130);
    const gone: Socket = connect(path("control.sock"));
    gone.write(request(ownToken()));
    await expect.poll(() => carried.length).toBe(2);
    gone.destroy();
    await expect.poll(() => ends.length).toBe(2);
    for (const error of ends) expect(error).toBeInstanceOf(Stopped);
  });

  it("waits, when it is shut, until who is in has stopped", async () => {
    let stopped = false;
    await open(async (_, station, stop) => {
      await new Promise<void>((resolve) => stop.onAsked(resolve));
      await new Promise((resolve) => setTimeout(resolve, 50));
      station.err("stopped");
      stopped = true;
      return 1;
    });
    const to = terminal();
    const asked = ask(to);
    await expect.poll(() => carried.length).toBe(1);
    await close();
    expect(stopped).toBe(true);
    expect([await asked, to.said.err]).toEqual([1, ["stopped"]]);
    expect(await ask()).toBe("silent");
  });
});

describe("who knocks", () => {
  it("asks nothing of a service of another version, and says so", async () => {
    await open(async () => 0);
    const to = terminal();
    expect(await ask(to, "2.0.0")).toBe(1);
    expect(to.said.err).toEqual(["door.version"]);
    expect(carried).toEqual([]);
  });

  it.each(["control.sock", "control.token"])("does not follow a link in the place of %s", async (name) => {
    await open(async () => 0);
    renameSync(path(name), path("moved"));
    symlinkSync(path("moved"), path(name));
    const to = terminal();
    expect(await ask(to)).toBe(1);
    expect(to.said.err).toEqual(["door.unsafe"]);
    chmodSync(path("moved"), 0o644);
    rmSync(path(name));
    renameSync(path("moved"), path(name));
    expect(await ask(to)).toBe(1);
    expect(carried).toEqual([]);
  });

  it("says when the service goes away in the middle", async () => {
    const server = createServer((socket) => {
      socket.write('{"hello":"1.2.3"}\n').toString();
      socket.once("data", () => socket.destroy());
    });
    const before = process.umask(0o177);
    server.listen(path("control.sock"));
    writeFileSync(path("control.token"), "any");
    process.umask(before);
    close = () => new Promise((resolve) => void server.close(() => resolve()));
    const to = terminal();
    expect(await ask(to)).toBe(1);
    expect(to.said.err).toEqual(["door.broken-off"]);
  });
});
