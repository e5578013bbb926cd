/** The part of an address after `?`, as plain text members: readable, and safe to paste. */
type Fields<Name extends string> = { readonly [Key in Name]?: string | undefined };

/** A validator that keeps these members of the address and drops others. */
export function searchFields<Name extends string>(...names: readonly Name[]) {
  return (search: Readonly<Record<string, unknown>>): Fields<Name> =>
    Object.fromEntries(
      names
        .map((name) => [name, search[name]] as const)
        .filter(([, value]) => typeof value === "string" && value !== ""),
    ) as Fields<Name>;
}

export function parseAddress(search: string): Readonly<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(search));
}

export function writeAddress(search: Readonly<Record<string, unknown>>): string {
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(search))
    if (typeof value === "string" && value !== "") fields.set(name, value);
  return fields.size === 0 ? "" : `?${fields}`;
}
