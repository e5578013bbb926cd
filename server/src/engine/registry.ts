/** The operation types and resources of an engine. */
import type { AnyOperationType } from "./operation-type.ts";
import type { PostingRules } from "./posting-rules.ts";
import type { AnyResource, Resource } from "./resource.ts";

export interface Registry {
  readonly rules: PostingRules;
  /** In locking order. */
  readonly resources: readonly AnyResource[];
  /** Throws for an unregistered type: an internal fault, because its rows may be unknown. */
  requireType(type: { readonly name: string }): void;
}

/** One registered feature: the ledger itself, the inventory, the market. */
export interface EngineModule {
  readonly resources: readonly AnyResource[];
  readonly types: readonly AnyOperationType[];
}

/** The one module that brings the rules of the books. */
export interface LedgerModule extends EngineModule {
  readonly rules: PostingRules;
}

/**
 * Joins the modules; resources are locked in the order given, so every process must list them
 * alike. Throws on a taken name: an internal fault, found at the first start.
 */
export function createRegistry(ledger: LedgerModule, ...others: readonly EngineModule[]): Registry {
  const modules = [ledger, ...others];
  const resources = modules.flatMap((module) => module.resources);
  const types = new Map<string, { readonly name: string }>();
  for (const type of modules.flatMap((module) => module.types)) {
    if (types.has(type.name)) throw new Error(`operation type ${type.name} is registered twice`);
    types.set(type.name, type);
  }
  if (new Set(resources.map(({ name }) => name)).size !== resources.length)
    throw new Error("a resource is registered twice");
  return {
    rules: ledger.rules,
    resources,
    requireType(type) {
      if (types.get(type.name) !== type)
        throw new Error(`operation type ${type.name} is not registered`);
    },
  };
}

/** For the lists of an `EngineModule`. */
export function resource<Id extends string | bigint, Row extends object>(
  typed: Resource<Id, Row>,
): AnyResource {
  return typed as unknown as AnyResource;
}
