/**
 * The address of a client, also behind proxies (docs/http.md).
 *
 * Only the proxies that the operator trusts may speak about a client, and the chain is read from the nearest
 * one backwards: whatever stands further left in `X-Forwarded-For` was written by the client itself.
 */
import type { IncomingMessage } from "node:http";
import { BlockList, isIP, isIPv4, isIPv6 } from "node:net";
import type { TrustedProxies } from "../../config.ts";

export type AddressReader = (request: IncomingMessage) => string;

/** Returns a reader of canonical addresses; an IPv4 address that came over IPv6 is read as IPv4. */
export function createAddressReader(proxies: TrustedProxies): AddressReader {
  const trusts = createTrust(proxies);
  return ({ socket, headers }) => {
    let address = canonicalAddress(socket.remoteAddress ?? "") ?? "unknown";
    const chain = String(headers["x-forwarded-for"] ?? "").split(",");
    for (const [hop, entry] of chain.toReversed().entries()) {
      if (!trusts(address, hop)) break;
      const before = canonicalAddress(withoutPort(entry.trim()));
      if (before === undefined) break; // no address: the proxy that passed it on stands for it
      address = before;
    }
    return address;
  };
}

/** Whether the proxy at `address`, the `hop`th from this server, may name the one before it. */
function createTrust(proxies: TrustedProxies): (address: string, hop: number) => boolean {
  if ("hops" in proxies) return (_address, hop) => hop < proxies.hops;
  const trusted = new BlockList();
  for (const network of proxies.networks) {
    const [address = "", prefix] = network.split("/");
    const family = isIPv4(address) ? "ipv4" : "ipv6";
    trusted.addSubnet(address, Number(prefix ?? (family === "ipv4" ? 32 : 128)), family);
  }
  return (address) =>
    isIP(address) > 0 && trusted.check(address, isIPv4(address) ? "ipv4" : "ipv6");
}

/** Some proxies add the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function withoutPort(entry: string): string {
  const [, bracketed, dotted] =
    /^(?:\[([^\]]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+)$/.exec(entry) ?? [];
  return bracketed ?? dotted ?? entry;
}

const MAPPED_DOTTED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const MAPPED_HEX = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/;

function canonicalAddress(text: string): string | undefined {
  if (isIPv4(text)) return text;
  const dotted = MAPPED_DOTTED.exec(text)?.[1];
  if (dotted !== undefined && isIPv4(dotted)) return dotted;
  const [unscoped = ""] = text.split("%", 1); // a zone names an interface of this machine
  if (!isIPv6(unscoped)) return undefined;
  const address = new URL(`http://[${unscoped}]/`).hostname.slice(1, -1);
  const [, high, low] = MAPPED_HEX.exec(address) ?? [];
  if (high === undefined || low === undefined) return address;
  const bytes = [high, low].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 255];
  });
  return bytes.join(".");
}

/**
 * What a limit counts: an IPv4 address, or the /64 of an IPv6 address, because one household or server is
 * given at least that many addresses.
 */
export function countedNetwork(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.split("::");
  const left = groupsOf(head);
  const right = groupsOf(tail ?? "");
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(zeros).fill("0"), ...right];
  return `${groups.slice(0, 4).join(":")}::/64`;
}

function groupsOf(text: string): string[] {
  return text === "" ? [] : text.split(":");
}
