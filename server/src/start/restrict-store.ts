/** Restricts the sessions of a serving process to the rights that serving needs. */
import { adoptionState } from "../db/adoption-state.ts";
import { openRestricted, prepareRoles, type RoleObstacle } from "../db/roles/roles.ts";
import { optionsFor, type Store } from "./open-store.ts";

/** The reason why this server's sessions keep the rights of their login. */
export type SessionsObstacle = RoleObstacle | "roles_unusable" | "not_adopted";

export interface ServingStore extends Store {
  /** undefined: the sessions are restricted. */
  readonly obstacle: SessionsObstacle | undefined;
}

/**
 * Returns the store through sessions of New Day's roles, or the given one with the obstacle. Call
 * it after migrations and adoption, which need the rights of the login; before adoption the server
 * also writes legacy tables of another owner.
 */
export async function restrictStore(store: Store): Promise<ServingStore> {
  if ((await adoptionState(store.db)) !== "adopted") return { ...store, obstacle: "not_adopted" };
  const obstacle = await prepareRoles(store.db);
  if (obstacle) return { ...store, obstacle };
  const db = await openRestricted(optionsFor(store.connection));
  if (!db) return { ...store, obstacle: "roles_unusable" };
  const close = async () => {
    await db.close();
    await store.close();
  };
  return { ...store, db, close, obstacle };
}
