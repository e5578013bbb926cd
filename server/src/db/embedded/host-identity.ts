/** Names this machine and this process, for other processes that find the name in a data folder. */
import { spawnSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

export interface HostIdentity {
  /** For people: the host name, in a container the container's. */
  readonly host: string;
  /** One per start of a kernel: shared by the containers of a machine, unique among machines. */
  readonly boot: string;
  /** Survives a restart of the machine; empty where the system keeps none, as in most containers. */
  readonly machine: string;
  /** The PID namespace in which a process number means something; empty where there are none. */
  readonly namespace: string;
}

/** Returns the identity; every part is read from the kernel or the system. */
export function hostIdentity(): HostIdentity {
  const host = hostname();
  return {
    host,
    boot: readText("/proc/sys/kernel/random/boot_id") || bootSession() || host,
    machine: readText("/etc/machine-id"),
    namespace: readLink("/proc/self/ns/pid"),
  };
}

/** macOS has no /proc. */
function bootSession(): string {
  if (process.platform !== "darwin") return "";
  const { stdout } = spawnSync("sysctl", ["-n", "kern.bootsessionuuid"], { encoding: "utf8" });
  return (stdout ?? "").trim();
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
