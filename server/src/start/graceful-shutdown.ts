const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * A terminal sends Ctrl-C to npm and to the server, and npm passes its own on: the second signal
 * may repeat the first. A third one asks for an immediate end.
 */
const PATIENCE = 2;

/**
 * Handles signals from now on; call it before opening resources that have to be closed. Resolves
 * with the first signal, after passing it to `onSignal`; from the third on the process ends at once.
 */
export function awaitShutdownSignal(onSignal: (signal: NodeJS.Signals) => void): Promise<void> {
  let count = 0;
  return new Promise((resolve) => {
    const handle = (signal: NodeJS.Signals) => {
      count += 1;
      if (count > PATIENCE) process.exit(1);
      if (count > 1) return;
      onSignal(signal);
      resolve();
    };
    for (const signal of SIGNALS) process.on(signal, handle);
  });
}
