/** The repairs that ship, as the address and the API name them. */
const KNOWN = ["wallets", "all-user-paths"] as const;

/** The query of a repair; an unknown one of the address is the default. */
export function knownRepair(id: string | undefined): { readonly repair?: (typeof KNOWN)[number] } {
  const repair = KNOWN.find((name) => name === id);
  return repair === undefined ? {} : { repair };
}
