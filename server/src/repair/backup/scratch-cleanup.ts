/** Removes the scratch server and its copy of production's rows, however our process ends. */
import { spawn } from "node:child_process";

/**
 * Waits for the end of its standard input, which the kernel closes with our process, SIGKILL
 * included. SIGQUIT ends the server at once; its files may reappear until its last child is gone.
 */
const CLEANUP_SCRIPT = `
  cat > /dev/null
  [ -d "$1" ] || exit 0
  pid=$(head -n 1 "$1/data/postmaster.pid" 2> /dev/null) && kill -QUIT "$pid" 2> /dev/null
  for attempt in 1 2 3 4 5 6 7 8 9 10; do
    rm -rf "$1" "$2" 2> /dev/null
    [ -d "$1" ] || exit 0
    sleep 0.2
  done
`;

/** Starts the process that cleans up after us; call the result once the folders are gone. */
export function startScratchCleanup(folder: string, socketDir: string): () => void {
  const child = spawn("/bin/sh", ["-c", CLEANUP_SCRIPT, "newday-scratch", folder, socketDir], {
    stdio: ["pipe", "ignore", "ignore"],
    // A signal to our process group must leave it alive.
    detached: true,
    cwd: "/",
  });
  child.on("error", () => undefined);
  child.stdin.on("error", () => undefined);
  child.unref();
  return () => child.stdin.end();
}
