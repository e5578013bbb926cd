import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { reportAnswer, reportSilence, useConnection } from "../api/connection.ts";

/** A person notices within seconds that the server is gone; the probe costs it nothing. */
const EVERY_MS = 5_000;
const TIMEOUT_MS = 4_000;

/** Asks whether the server is there while the window is visible, and reads all again when it is back. */
export function useHeartbeat(): void {
  const { silentSince } = useConnection();
  const client = useQueryClient();
  const isSilent = silentSince !== undefined;
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void beat();
    }, EVERY_MS);
    const beatNow = () => void beat();
    document.addEventListener("visibilitychange", beatNow);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", beatNow);
    };
  }, []);
  useEffect(() => {
    if (!isSilent) void client.invalidateQueries();
  }, [client, isSilent]);
}

async function beat(): Promise<void> {
  const reply = await fetch("/healthz", { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
    () => undefined,
  );
  // A proxy in front answers 502 to 504 when the server behind it is gone.
  if (reply?.ok) reportAnswer();
  else reportSilence();
}
