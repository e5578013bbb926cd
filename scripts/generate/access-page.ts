/** docs/access.md: who may call each route, with which scope, and what another's id answers. */
import type { TableRoute } from "../../server/src/http/plugins/route-table.ts";
import {
  linesOf,
  type AccessLine,
  type Another,
  type OlderLine,
  type Thing,
} from "../../server/test/access/access-line.ts";
import { differencesOf } from "../../server/test/access/access-lines.ts";
import { OLDER_LINES } from "../../server/test/access/older-lines.ts";
import { V1_LINES } from "../../server/test/access/v1-lines.ts";

const HEAD = `# Access

Who may call each route, generated from the routes of the application and the lines of \`server/test/access\` by
\`npm run generate\`. \`server/test/access/access-matrix.test.ts\` holds every row against a server in production mode: no
credential, dead ones, users of two platforms, keys with each single scope, keys with all but the needed one, keys of
another platform, and a suspended platform. \`access-attacks.test.ts\` beside it sends ids of others at random.

- **user**: a session of the user, for its own wallet and things. **key**: a platform's key with the scope, for the users
  of its platform. **operator**: an operator's key with the scope, for the users of every platform.
- Without a live credential every route but those for anyone is 401 \`invalid_token\`; a suspended platform is 403
  \`platform_suspended\`; a key without the scope is 403 \`scope_missing\`; a user's call of a route for servers, and a
  key's of a route for users, is 403 \`forbidden\`.
- **another's id** names the answer to the id of a user or platform out of reach. It equals the answer to an id that names
  nothing, and changes nothing. *open* is shown or sold to others, for the reason in the row.
`;

const HOW = `## Adding a route

The test fails for a route without a line, and names the file. A line has:

- \`names\`: the things whose ids the request names (\`wallet\`, \`item\`, \`hold\`, ...), each with the error that
  another's id answers, \`nothing\` for a success that changes nothing, or \`open\` with a \`why\`. A new kind of thing is a
  member of \`THINGS\` and of \`MAKERS\` (\`server/test/access/things.ts\`), which makes one through the API.
- \`send\`: query and body of a well-formed request, from the ids. \`{userId}\`, \`{currency}\` and \`{id}\` of the path are
  filled in.
- \`needs\`: a state of the wallet without which the request fails; \`answers\`: the error, where the line is no success.

Callers and scope of a route in \`/api/v1\` stand at the route (\`config.access\`). A route without them is a line of
\`older-lines.ts\`, with its \`audience\`.
`;

/** The page for the routes of the application. Throws what to add for a route without a line. */
export function accessPage(routes: readonly TableRoute[]): string {
  const differences = differencesOf(routes);
  if (differences.length > 0) throw new Error(differences.join("\n"));
  const v1 = routes.flatMap((route) => rowsOf(route, V1_LINES[nameOf(route)]));
  const older = routes.flatMap((route) => rowsOf(route, OLDER_LINES[nameOf(route)]));
  return [
    HEAD,
    "## /api/v1",
    "",
    "| route | who may | scope | another's id | why |",
    "| --- | --- | --- | --- | --- |",
    ...v1,
    "",
    "## /api/admin",
    "",
    "Operators with this role or a higher one; no other credential is accepted (`server/test/operators`).",
    "",
    "| route | role |",
    "| --- | --- |",
    ...routes.flatMap(adminRow),
    "",
    "## Older surfaces and public routes",
    "",
    "Pages (`/`, `/console`, `/game`, `/login` and files) are for anyone: they hold no data.",
    "",
    "| route | who may | another's id | why |",
    "| --- | --- | --- | --- |",
    ...older,
    "",
    HOW,
  ].join("\n");
}

/** Those without a role sign a person in, or are the document. */
function adminRow(route: TableRoute): string[] {
  if (!route.path.startsWith("/api/admin/")) return [];
  return [`| \`${nameOf(route)}\` | ${route.role ?? "anyone"} |`];
}

function nameOf({ method, path }: TableRoute): string {
  return `${method} ${path}`;
}

function rowsOf(
  route: TableRoute,
  entry: AccessLine | OlderLine | readonly AccessLine[] | readonly OlderLine[] | undefined,
): string[] {
  if (entry === undefined) return [];
  return linesOf<AccessLine | OlderLine>(entry).map((line) => {
    const cells = [
      `\`${nameOf(route)}\``,
      ...callersOf(route, line),
      another(line),
      line.why ?? "",
    ];
    return `| ${cells.join(" | ")} |`;
  });
}

function callersOf({ access }: TableRoute, line: AccessLine | OlderLine): string[] {
  if (!access) return ["audience" in line ? line.audience : ""];
  const { scope, users } = access;
  if (scope === null) return ["user", ""];
  const server = scope === "adjust" ? "operator" : "key";
  return [users ? `user, ${server}` : server, `\`${scope}\``];
}

function another({ names }: AccessLine): string {
  const entries = Object.entries(names) as [Thing, Another][];
  return entries
    .map(
      ([thing, answer]) =>
        `${thing}: ${["open", "nothing"].includes(answer) ? answer : `\`${answer}\``}`,
    )
    .join(", ");
}
