import { createServer } from "node:net";
import type { Config } from "../config.ts";
import { NewDayError } from "../errors/errors.ts";

/**
 * Refuses a port in use or out of reach before anything is opened or created. Errors:
 * `port_in_use`, `config_invalid`.
 */
export async function refusePortInUse({ host, port }: Config): Promise<void> {
  if (port === 0) return;
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => reject(explain(error, host, port)));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve()));
  });
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): NewDayError {
  if (error.code === "EADDRINUSE")
    return new NewDayError(
      "port_in_use",
      { host, port },
      { message: `port ${port} of ${host} is in use by another program; set PORT to another one` },
    );
  const rule = error.code === "EACCES" ? `may not use port ${port}` : `cannot listen on ${host}`;
  return new NewDayError("config_invalid", { rule, host, port }, { cause: error });
}
