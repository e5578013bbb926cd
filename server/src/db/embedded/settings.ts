/**
 * The settings of the embedded server, given on its command line so that no file overrides them.
 */
import { totalmem } from "node:os";

const MIB = 1024 * 1024;
/** Enough for the hot rows of a small game; on a large machine the kernel's cache does the rest. */
const SHARED_BUFFERS_MIN_MIB = 32;
const SHARED_BUFFERS_MAX_MIB = 512;
const MEMORY_SHARE = 8;

/** `memoryBytes`: the memory of this machine, or of its container. */
export function embeddedSettings(
  memoryBytes = availableMemory(),
): Readonly<Record<string, string | number>> {
  const memoryMib = Math.floor(memoryBytes / MIB);
  const buffers = Math.min(
    SHARED_BUFFERS_MAX_MIB,
    Math.max(SHARED_BUFFERS_MIN_MIB, Math.floor(memoryMib / MEMORY_SHARE)),
  );
  return {
    // Acknowledged writes are on disk: the reason for this engine (docs/embedded-database.md).
    fsync: "on",
    synchronous_commit: "on",
    full_page_writes: "on",
    shared_buffers: `${buffers}MB`,
    effective_cache_size: `${Math.max(64, Math.floor(memoryMib / 2))}MB`,
    max_connections: 100,
    // Requests are small: compiling plans and forking workers costs more than it gains. Workers
    // need /dev/shm, of which a container has 64 MB.
    jit: "off",
    max_parallel_workers_per_gather: 0,
    max_parallel_maintenance_workers: 0,
    random_page_cost: 1.1,
    // A killed process's backend must release its locks before its query ends.
    client_connection_check_interval: "1s",
    // Statements and their values are other people's data: they stay out of log files.
    log_min_messages: "log",
    log_min_error_statement: "panic",
    log_checkpoints: "off",
    log_timezone: "UTC",
  };
}

function availableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}
