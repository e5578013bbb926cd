/** The server's address, trailing slash removed; undefined for anything but an http(s) address. */
export function parseBase(text: string): string | undefined {
  const trimmed = text.trim();
  if (!/^https?:\/\//.test(trimmed) || !URL.canParse(trimmed)) return undefined;
  const { origin, pathname } = new URL(trimmed);
  return `${origin}${pathname}`.replace(/\/+$/, "");
}
