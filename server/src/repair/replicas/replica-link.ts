/** Connections to the operator's named standbys, verified to be standbys of this very cluster. */
import { openRepairConnection } from "../connection/connection.ts";
import type { ConnectionTarget, DirectClient } from "../../db/driver/direct-client.ts";
import { readClusterIdentity } from "../catalogue/server-queries.ts";
import { refusal } from "../../errors/refusals.ts";
import { readWalPosition } from "../catalogue/server-queries.ts";
import { readReplica } from "./replica-queries.ts";

export interface ReplicaLink {
  /** Host and port; the URL, which holds a password, stays out. */
  readonly name: string;
  /** The connection, reopened after a loss. */
  client(): Promise<DirectClient>;
  close(): Promise<void>;
}

/**
 * Throws `repair_refused` for anything but a standby of the primary, `repair_blocked` for an
 * unreachable one.
 */
export async function openReplicas(
  primary: DirectClient,
  targets: readonly ConnectionTarget[],
): Promise<ReplicaLink[]> {
  const links: ReplicaLink[] = [];
  try {
    for (const target of targets) {
      const link = linkTo(target, await openRepairConnection(target, "replica"));
      links.push(link);
      await requireStandby(primary, link);
    }
    return links;
  } catch (error) {
    await closeReplicas(links);
    throw error;
  }
}

export async function closeReplicas(links: readonly ReplicaLink[]): Promise<void> {
  await Promise.all(links.map((link) => link.close()));
}

function linkTo(target: ConnectionTarget, first: DirectClient): ReplicaLink {
  let current = first;
  return {
    name: nameOf(target, first),
    async client() {
      if (current.isLost()) current = await openRepairConnection(target, "replica");
      return current;
    },
    close: () => current.close(),
  };
}

function nameOf(target: ConnectionTarget, { peer }: DirectClient): string {
  if (typeof target !== "string") return `${target.host}:${target.port}`;
  const url = new URL(target.replace(/\/\/([^/@]*@)?(?=\/)/, "//localhost"));
  return `${peer.host}:${url.searchParams.get("port") ?? (url.port || "5432")}`;
}

async function requireStandby(primary: DirectClient, link: ReplicaLink): Promise<void> {
  const cluster = await readClusterIdentity(primary);
  const { inRecovery, systemIdentifier } = await readReplica(
    await link.client(),
    await readWalPosition(primary),
  );
  const isOther =
    cluster !== undefined &&
    systemIdentifier !== null &&
    systemIdentifier !== cluster.systemIdentifier;
  if (inRecovery && !isOther) return;
  throw refusal(
    inRecovery ? "replica_of_other_cluster" : "replica_is_no_standby",
    { name: link.name },
    { details: { finding: "W64", replica: link.name } },
  );
}
