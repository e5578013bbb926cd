/** Requests of the lines of the table of access. */
import type { TableRoute } from "../../src/http/plugins/route-table.ts";
import type { AccessLine, Another, Ids, Thing } from "./access-line.ts";
import type { AccessWorld, Request } from "./access-world.ts";

export function routeOf({ app }: AccessWorld, name: string): TableRoute {
  const found = app.routeTable.find(({ method, path }) => `${method} ${path}` === name);
  if (!found) throw new Error(`the application has no route ${name}`);
  return found;
}

export function namesOf({ names }: AccessLine): [Thing, Another][] {
  return Object.entries(names) as [Thing, Another][];
}

/** The well-formed request of a line about these ids. */
export function requestOf(
  route: TableRoute,
  line: AccessLine,
  ids: Ids,
  as: string | null,
): Request {
  const { path = {}, query, body } = line.send?.(ids) ?? {};
  const [thing = "wallet"] = namesOf(line).flatMap(([one]) => (one === "wallet" ? [] : [one]));
  const values: Record<string, string> = {
    userId: ids.wallet,
    currency: "game_coins",
    id: ids[thing],
    ...path,
  };
  const url = route.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => values[name] ?? "");
  return { method: route.method, url: query ? `${url}?${query}` : url, as, body };
}
