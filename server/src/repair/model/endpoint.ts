/**
 * The path to the server: the addresses behind its name, and the encryption of the connection.
 *
 * A name with several servers, or with a new one, leads a repair to a replica or to yesterday's
 * primary; the fingerprint alone would leave the cause open.
 */
import { lookup } from "node:dns/promises";
import { isIP, isIPv6 } from "node:net";
import { refusal } from "../../errors/refusals.ts";
import type { Message } from "../../lib/messages.ts";
import type { Peer } from "../../db/driver/direct-client.ts";

export interface Endpoint {
  readonly host: string;
  /** Sorted; empty for a Unix socket and for an unresolvable name. */
  readonly addresses: readonly string[];
  readonly certificate?: string | undefined;
}

/** Resolves the name anew: the connected address is one of several answers. */
export async function readEndpoint({ host, certificate }: Peer): Promise<Endpoint> {
  return { host, addresses: await addressesOf(host), certificate };
}

async function addressesOf(host: string): Promise<string[]> {
  if (host.startsWith("/")) return [];
  if (isIP(host) !== 0) return [host];
  const found = await lookup(host, { all: true }).catch(() => []);
  return [...new Set(found.map(({ address }) => address))].toSorted();
}

/** True for a name with more than one server behind it; one address of each family is one server. */
export function isManyServers({ addresses }: Pick<Endpoint, "addresses">): boolean {
  const remote = addresses.filter((address) => !isThisMachine(address));
  const six = remote.filter((address) => isIPv6(address)).length;
  return six > 1 || remote.length - six > 1;
}

export type Reach = "this machine" | "a private network" | "a public network";

/** The connection's distance. A missing address means a Unix socket. */
export function reachOf(address: string | undefined): Reach {
  if (address === undefined || isThisMachine(address)) return "this machine";
  const bare = address.replace(/^::ffff:/i, "");
  const isPrivate = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|f[cd]|fe[89ab])/i.test(bare);
  return isPrivate ? "a private network" : "a public network";
}

/** The English is the stored word of a finding's data. */
export const REACH_NAMES: Readonly<Record<Reach, Message>> = {
  "this machine": { en: "this machine", zh: "本机" },
  "a private network": { en: "a private network", zh: "专用网络" },
  "a public network": { en: "a public network", zh: "公共网络" },
};

function isThisMachine(address: string): boolean {
  return /^(::ffff:)?127\./i.test(address) || address === "::1";
}

/**
 * Throws `repair_refused` when the plan's host leads elsewhere now (B09), or when the certificate
 * changed or is gone (B08). The fingerprint judges a host other than the plan's.
 */
export function requireSameEndpoint(planned: Endpoint, present: Endpoint): void {
  if (planned.host !== present.host) return;
  const before = planned.addresses.join(", ");
  const now = present.addresses.join(", ");
  if (before !== now)
    throw refusal(
      "address_changed",
      { host: planned.host, before: before || NOTHING, now: now || NOTHING },
      { details: { finding: "B09" } },
    );
  if (planned.certificate !== present.certificate)
    throw refusal(
      "certificate_changed",
      {
        present: present.certificate ?? NO_CERTIFICATE,
        planned: planned.certificate ?? NO_CERTIFICATE,
      },
      { details: { finding: "B08" } },
    );
}

const NOTHING: Message = { en: "nothing", zh: "无" };
const NO_CERTIFICATE: Message = { en: "no certificate", zh: "无证书" };
