/**
 * What a command prints may fail without ending what it does: a reader that went away (`| head`) must
 * not stop a repair or an adoption half-way. A closed pipe is quiet, and the exit code stays the
 * command's own; output that was lost for another reason, such as a full disk, makes it 1.
 */

const EXIT_FAULT = 1;

export function outliveOutputStreams(): void {
  let lost = false;
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", ({ code }: NodeJS.ErrnoException) => {
      if (code !== "EPIPE") lost = true;
    });
  process.on("exit", () => {
    if (lost && (process.exitCode ?? 0) === 0) process.exitCode = EXIT_FAULT;
  });
}
