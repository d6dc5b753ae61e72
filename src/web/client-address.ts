import { BlockList, isIPv4, isIPv6 } from "node:net";

const nearby = new BlockList();
nearby.addSubnet("127.0.0.0", 8, "ipv4");
nearby.addSubnet("10.0.0.0", 8, "ipv4");
nearby.addSubnet("172.16.0.0", 12, "ipv4");
nearby.addSubnet("192.168.0.0", 16, "ipv4");
nearby.addAddress("::1", "ipv6");
nearby.addSubnet("fc00::", 7, "ipv6");

const plain = (address: string): string => (address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address);

const isNearby = (address: string): boolean =>
  isIPv4(address) ? nearby.check(address, "ipv4") : isIPv6(address) && nearby.check(address, "ipv6");

/**
 * Whose request it is. Behind a proxy of ours (`proxied`: the service has a public address, and the other end is on this
 * machine or network) it is the last entry of `X-Forwarded-For`, which that proxy wrote itself; otherwise the other end.
 */
export const clientAddress = (peer: string | undefined, forwarded: string | null, proxied: boolean): string => {
  const end = plain(peer ?? "");
  const last = plain(forwarded?.split(",").at(-1)?.trim() ?? "");
  return proxied && isNearby(end) && (isIPv4(last) || isIPv6(last)) ? last : end;
};
