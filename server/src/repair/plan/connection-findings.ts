/** The connection: its encryption, and the server that answers. */
import type { Peer } from "../../db/driver/direct-client.ts";
import { isManyServers, REACH_NAMES, reachOf, type Endpoint } from "../model/endpoint.ts";
import type { Finding } from "../model/finding.ts";

export interface PeerConnection {
  readonly peer: Peer;
  readonly endpoint: Endpoint;
  readonly environment: string;
  readonly isNamed: boolean;
}

export function connectionFindings({
  peer,
  endpoint,
  environment,
  isNamed,
}: PeerConnection): Finding[] {
  const findings: Finding[] = [];
  const reach = reachOf(peer.address);
  if (reach !== "this machine" && endpoint.certificate === undefined) {
    const isStrict = reach === "a public network" || (isNamed && environment === "production");
    findings.push({
      id: "B08",
      severity: isStrict ? "block" : "warn",
      evidence: {
        en: `no TLS to ${peer.address}, over ${REACH_NAMES[reach].en}`,
        zh: `到 ${peer.address} 的连接未加密，经过${REACH_NAMES[reach].zh}`,
      },
      data: { address: peer.address, reach },
    });
  }
  if (isManyServers(endpoint))
    findings.push({
      id: "B09",
      severity: "block",
      evidence: {
        en: `${endpoint.host} stands for ${endpoint.addresses.join(", ")}`,
        zh: `${endpoint.host} 指向 ${endpoint.addresses.join("、")}`,
      },
      data: { ...endpoint },
    });
  return findings;
}
