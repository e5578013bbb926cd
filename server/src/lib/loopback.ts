/** Host names of the machine itself, as a URL has them. */

/** True for `localhost` and names below it (RFC 6761). */
export function isLoopbackName(hostname: string): boolean {
  return /^(?:.+\.)?localhost\.?$/.test(hostname);
}

/** True for a name or address that leads nowhere but to the machine itself. */
export function isLoopbackHost(hostname: string): boolean {
  return isLoopbackName(hostname) || /^(?:127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}
