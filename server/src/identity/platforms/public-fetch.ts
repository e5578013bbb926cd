/**
 * Reads a small text from an address that an operator entered, without reaching into private networks.
 *
 * The address is judged where the connection is made, so a name that resolves to another address the second
 * time changes nothing. Redirects are refused: they name an address that no operator has seen.
 */
import { lookup as lookupName, type LookupAddress } from "node:dns";
import { get as getPlain } from "node:http";
import { get as getSecure } from "node:https";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { isLoopbackName } from "../../lib/loopback.ts";

/** Networks in CIDR form that may be reached although they are private, also without TLS. */
export type AllowedNetworks = readonly string[];

export interface FetchLimits {
  readonly allowed: AllowedNetworks;
  readonly bytesMax: number;
  readonly timeoutMs: number;
}

/** Addresses that are not of the public internet (IANA's special-purpose registries). */
const PRIVATE = [
  "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24",
  "192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24",
  "224.0.0.0/4 240.0.0.0/4 ::/127 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32",
  "2002::/16 fc00::/7 fe80::/10 ff00::/8",
].flatMap((line) => line.split(" "));
const PRIVATE_NETWORKS = blockListOf(PRIVATE);

/**
 * True for an address that no fetch would read, as far as its text tells: a literal address of a private network,
 * this machine, or one without TLS. Where a name leads is judged at each fetch.
 */
export function isPrivateUrl(url: string, networks: AllowedNetworks): boolean {
  const { protocol, hostname } = new URL(url);
  const allowed = blockListOf(networks);
  const literal = isLoopbackName(hostname) ? "127.0.0.1" : literalOf(hostname);
  if (!isIP(literal)) return protocol === "http:" && networks.length === 0;
  return !isIn(allowed, literal) && (protocol === "http:" || isIn(PRIVATE_NETWORKS, literal));
}

function literalOf(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}

/** Errors: plain ones, whose message is for the log. */
export async function fetchPublicly(url: string, limits: FetchLimits): Promise<string> {
  const { protocol, hostname } = new URL(url);
  const allowed = blockListOf(limits.allowed);
  const isOpen = (address: string) => isIn(allowed, address) || !isIn(PRIVATE_NETWORKS, address);
  const literal = literalOf(hostname);
  if (isIP(literal) && !isOpen(literal)) throw privateAddress(literal);
  const lookup: LookupFunction = (name, options, done) =>
    lookupName(name, { ...options, all: true }, (error, found) => {
      if (error) return done(error, []);
      const refused = found.find(({ address }) => !isOpen(address));
      const first = found[0];
      if (refused || !first) return done(privateAddress(refused?.address ?? name), []);
      if (protocol === "http:" && !found.every(({ address }) => isIn(allowed, address)))
        return done(new Error("an address without TLS is not allowed"), []);
      answer(found, first, options.all === true, done);
    });
  if (protocol === "http:" && isIP(literal) && !isIn(allowed, literal))
    throw new Error("an address without TLS is not allowed");
  return read(url, lookup, limits);
}

function answer(
  found: LookupAddress[],
  first: LookupAddress,
  all: boolean,
  done: Parameters<LookupFunction>[2],
): void {
  if (all) done(null, found);
  else done(null, first.address, first.family);
}

function read(
  url: string,
  lookup: LookupFunction,
  { bytesMax, timeoutMs }: FetchLimits,
): Promise<string> {
  const get = url.startsWith("https:") ? getSecure : getPlain;
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const headers = { accept: "application/json" };
    const request = get(url, { lookup, signal, headers, agent: false }, (reply) => {
      const chunks: Buffer[] = [];
      let length = 0;
      if (reply.statusCode !== 200) {
        reply.destroy();
        return reject(new Error(`the answer has the status ${reply.statusCode}`));
      }
      reply.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length > bytesMax) reply.destroy(new Error(`the answer is above ${bytesMax} bytes`));
      });
      reply.on("error", reject);
      reply.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    });
    request.on("error", (error) =>
      reject(signal.aborted ? new Error(`no answer within ${timeoutMs} ms`) : error),
    );
  });
}

function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", prefix = ""] = network.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    list.addSubnet(address, Number(prefix || (family === "ipv6" ? 128 : 32)), family);
  }
  return list;
}

/** A list of IPv4 networks also judges mapped IPv6 addresses. */
function isIn(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

function privateAddress(address: string): Error {
  return new Error(`${address} is in a private network; NEWDAY_JWKS_NETWORKS may allow it`);
}
