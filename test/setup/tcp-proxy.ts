import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** What happens between a client and a server whose bytes it passes on. */
export interface TcpProxy {
  readonly port: number;
  /** Everything, in both directions, comes this much later from now on. */
  delay(ms: number): void;
  /**
   * Nothing arrives any more and nobody is told, as behind a firewall that drops: neither on the connections there are,
   * nor on new ones. What was sent meanwhile arrives afterwards, as TCP sends it again.
   */
  blackHole(): void;
  /** As a firewall that was started anew: connections of before stay dead and silent, new ones work. */
  forget(): void;
  /** Everything flows again, that of the black hole too. */
  heal(): void;
  /** Breaks each connection off once so many more bytes of the server's answers have passed on it. */
  cutAfter(bytes: number): void;
  /** Ends the server's half of each connection: the client reads the end, and may still write. */
  halfClose(): void;
  /** Connections that are open now. */
  count(): number;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  dead: boolean;
  left: number;
}

/** Open, or closed to all who pass. */
const gate = () => {
  let open = Promise.resolve();
  let unlock = (): void => {};
  return {
    pass: () => open,
    shut: (): void => {
      open = new Promise((resolve) => {
        unlock = resolve;
      });
    },
    open: () => unlock(),
  };
};

/** A proxy in front of a server of this machine, which does to its connections what networks do. */
export const tcpProxy = async (target: number): Promise<TcpProxy> => {
  const pairs = new Set<Pair>();
  const flow = gate();
  let latency = 0;
  let dropping = false;

  const pass = async (pair: Pair, to: Socket, chunk: Buffer): Promise<void> => {
    const answer = to === pair.client;
    const passed = answer ? chunk.subarray(0, pair.left) : chunk;
    if (answer) pair.left -= passed.length;
    // Where it breaks meanwhile, nothing is left to be waited for.
    if (!to.write(passed)) await Promise.race([once(to, "drain"), once(to, "close")]).catch(() => {});
    if (pair.left === 0) for (const socket of [pair.client, pair.server]) socket.resetAndDestroy();
  };
  /** Everything in its order and at its time, the end too. */
  const carry = (pair: Pair, from: Socket, to: Socket): void => {
    let before = Promise.resolve();
    const then = (work: () => Promise<void> | void): void => {
      const due = Date.now() + latency;
      before = before.then(async () => {
        await flow.pass();
        if (due > Date.now()) await sleep(due - Date.now());
        if (!pair.dead && to.writable) await work();
      });
    };
    from.on("data", (chunk) => then(() => pass(pair, to, chunk)));
    from.on("end", () => then(() => void to.end()));
  };
  const proxy = createServer({ allowHalfOpen: true }, (client) => {
    const server = connect({ port: target, host: "127.0.0.1", allowHalfOpen: true });
    const pair: Pair = { client, server, dead: false, left: Number.POSITIVE_INFINITY };
    pairs.add(pair);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.setNoDelay(true);
      socket.on("error", () => {});
      // An end without a word is passed on as one, except where nothing is passed on.
      socket.on("close", (failed) => {
        if (failed && !pair.dead && !dropping) other.resetAndDestroy();
        if (client.destroyed && server.destroyed) pairs.delete(pair);
      });
    }
    carry(pair, client, server);
    carry(pair, server, client);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const { port } = proxy.address() as { port: number };
  const heal = (): void => {
    dropping = false;
    latency = 0;
    flow.open();
  };
  return {
    port,
    delay: (ms) => {
      latency = ms;
    },
    blackHole: () => {
      dropping = true;
      flow.shut();
    },
    forget: () => {
      for (const pair of pairs) pair.dead = true;
      heal();
    },
    heal,
    cutAfter: (bytes) => {
      for (const pair of pairs) pair.left = bytes;
    },
    halfClose: () => {
      for (const { client } of pairs) client.end();
    },
    count: () => pairs.size,
    close: async () => {
      for (const { client, server } of pairs) for (const socket of [client, server]) socket.destroy();
      proxy.close();
      await once(proxy, "close");
    },
  };
};
