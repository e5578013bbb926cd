/** `GET /api/v1/currencies`: the scale of each currency. */
import { useQuery } from "@tanstack/react-query";
import type { Currency } from "@newday/sdk";
import { send } from "./send.ts";

/** A currency's scale never changes; a new currency appears within this time. */
const FRESH_MS = 60_000;

const CURRENCIES_QUERY = {
  queryKey: ["/api/v1/currencies"],
  queryFn: readScales,
  staleTime: FRESH_MS,
} as const;

async function readScales(): Promise<ReadonlyMap<string, number>> {
  const { data } = (await send("/api/v1/currencies", {})) as { data: readonly Currency[] };
  return new Map(data.map(({ code, scale }) => [code, scale]));
}

/** The scale of each currency by its code; undefined until they are read. */
export function useScales(): ReadonlyMap<string, number> | undefined {
  return useQuery(CURRENCIES_QUERY).data;
}
