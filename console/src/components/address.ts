/** The part of the address after `?` as the state of a screen: a link shows another person the same. */
import { useLocation, useRouter } from "@tanstack/react-router";
import { useCallback } from "react";

type Fields = Readonly<Record<string, string | undefined>>;

/** Returns the present address with these members replaced; undefined takes a member away. */
export function useChangedAddress(): (changes: Fields) => string {
  const { pathname, searchStr } = useLocation();
  return useCallback(
    (changes) => {
      const fields = new URLSearchParams(searchStr);
      for (const [name, value] of Object.entries(changes))
        if (value === undefined || value === "") fields.delete(name);
        else fields.set(name, value);
      return fields.size === 0 ? pathname : `${pathname}?${fields}`;
    },
    [pathname, searchStr],
  );
}

/** Changes members of the address; each change is a step that the browser goes back. */
export function useAddressChange(): (changes: Fields) => void {
  const changed = useChangedAddress();
  const router = useRouter();
  return useCallback(
    (changes) => void router.navigate({ href: changed(changes), resetScroll: false }),
    [changed, router],
  );
}
