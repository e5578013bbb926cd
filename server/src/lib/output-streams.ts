/**
 * Keeps a process running when its output fails: a closed pipe (`| head`, a log shipper that was
 * restarted) must leave a repair, an adoption or a server whole. EPIPE keeps the command's own exit code; output lost for another reason, such as
 * a full disk, makes it 1.
 */

const EXIT_FAULT = 1;

export function ignoreBrokenPipes(): void {
  let lost = false;
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", ({ code }: NodeJS.ErrnoException) => {
      if (code !== "EPIPE") lost = true;
    });
  process.on("exit", () => {
    if (lost && (process.exitCode ?? 0) === 0) process.exitCode = EXIT_FAULT;
  });
}
