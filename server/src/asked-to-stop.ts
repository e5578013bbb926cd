const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * A terminal gives Ctrl-C to npm and to us, and npm passes its own on: the second signal may be the
 * first one again. Whoever sends a third will not wait.
 */
const PATIENCE = 2;

/**
 * Hears signals from now on, so call it before anything is opened that has to be closed. Resolves
 * with the first one, after telling it to `hear`; from the third on they end the process at once.
 */
export function askedToStop(hear: (signal: NodeJS.Signals) => void): Promise<void> {
  let count = 0;
  return new Promise((resolve) => {
    const heard = (signal: NodeJS.Signals) => {
      count += 1;
      if (count > PATIENCE) process.exit(1);
      if (count > 1) return;
      hear(signal);
      resolve();
    };
    for (const signal of SIGNALS) process.on(signal, heard);
  });
}
