/** The table of access as a whole, and what the application and the table do not have in common. */
import type { TableRoute } from "../../src/http/plugins/route-table.ts";
import { OLDER_LINES } from "./older-lines.ts";
import { V1_LINES } from "./v1-lines.ts";

/** Files of server/public and of the console's build, and their addresses: the same for everybody. */
const PAGE = /^GET (\/|\/console(\/\*)?|\/game|\/login|\/.*\.(html|js|css|svg|ico))$/;

function nameOf({ method, path }: TableRoute): string {
  return `${method} ${path}`;
}

/** Operators see every platform; their roles have a test of their own (server/test/operators). */
const OPERATORS = /^\/api\/admin\//;

function isPage(route: TableRoute): boolean {
  return PAGE.test(nameOf(route));
}

/** One sentence for each difference between routes and lines; each says what to do. */
export function differencesOf(routes: readonly TableRoute[]): string[] {
  const shown = routes.filter((route) => !isPage(route) && !OPERATORS.test(route.path));
  const missing = shown.flatMap((route) => {
    const [lines, file] = route.access
      ? ([V1_LINES, "v1-lines.ts"] as const)
      : ([OLDER_LINES, "older-lines.ts"] as const);
    if (Object.hasOwn(lines, nameOf(route))) return [];
    return [
      `${nameOf(route)} has no line in the table of access. Add one to server/test/access/${file}: the things ` +
        'whose ids it names, what another\'s id answers, and the request (docs/access.md, "Adding a route").',
    ];
  });
  const withAccess = new Set(shown.filter(({ access }) => access).map(nameOf));
  const without = new Set(shown.filter(({ access }) => !access).map(nameOf));
  const stale = [
    ...Object.keys(V1_LINES).filter((name) => !withAccess.has(name)),
    ...Object.keys(OLDER_LINES).filter((name) => !without.has(name)),
  ].map(
    (name) =>
      `${name} is no such route of the application. Remove its line from server/test/access.`,
  );
  return [...missing, ...stale];
}
