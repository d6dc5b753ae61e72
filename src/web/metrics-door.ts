import { createHash, timingSafeEqual } from "node:crypto";
import { BlockList, isIP } from "node:net";

export type Scrape = () => Promise<{ readonly type: string; readonly text: string }>;

/** Answers for `/metrics`: what was counted, or that this visitor may not know. `peer` is the other end of the connection. */
export type MetricsDoor = (peer: string | undefined, headers: Headers) => Promise<Response>;

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** On this machine, and not through a proxy on it, behind which everybody would seem to be. */
const isHere = (peer: string, headers: Headers): boolean =>
  isIP(peer) !== 0 &&
  loopback.check(peer, isIP(peer) === 6 ? "ipv6" : "ipv4") &&
  ["forwarded", "x-forwarded-for", "x-real-ip", "via"].every((name) => !headers.has(name));

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

const bears = (token: string, headers: Headers): boolean => {
  const [, given = ""] = /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "") ?? [];
  return timingSafeEqual(digest(given), digest(token));
};

/** With a token, whoever bears it, from wherever; without one, this machine alone. */
export const metricsDoor =
  (scrape: Scrape, token: string | null): MetricsDoor =>
  async (peer, headers) => {
    if (token !== null && !bears(token, headers))
      return new Response(null, { status: 401, headers: { "www-authenticate": "Bearer" } });
    if (token === null && !isHere(peer ?? "", headers)) return new Response(null, { status: 403 });
    const { type, text } = await scrape();
    return new Response(text, { headers: { "content-type": type } });
  };
