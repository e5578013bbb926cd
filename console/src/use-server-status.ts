import { createClient, type ServerStatus } from "@newday/sdk";
import { useCallback, useEffect, useState } from "react";

const REFRESH_MS = 10_000;

export interface StatusReading {
  readonly status: ServerStatus | undefined;
  readonly failed: boolean;
  readonly readAt: Date | undefined;
  readonly readAgain: () => void;
}

const client = createClient({ baseUrl: window.location.origin });

/** The state of the server that served this page, read now and every ten seconds. */
export function useServerStatus(): StatusReading {
  const [reading, setReading] = useState<Omit<StatusReading, "readAgain">>({
    status: undefined,
    failed: false,
    readAt: undefined,
  });
  const readAgain = useCallback(() => {
    client.status.get().then(
      (status) => setReading({ status, failed: false, readAt: new Date() }),
      () => setReading((before) => ({ ...before, failed: true, readAt: new Date() })),
    );
  }, []);
  useEffect(() => {
    readAgain();
    const timer = setInterval(() => readAgain(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [readAgain]);
  return { ...reading, readAgain };
}
