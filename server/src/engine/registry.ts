/** The operation types and resources of an engine. */
import type { AnyOperationType } from "./operation-type.ts";
import type { PostingGuard, PostingRules } from "./posting-rules.ts";
import type { AnyResource, AnyRowBeside, Resource, RowBeside, RowId } from "./resource.ts";

export interface Registry {
  /** Those of the ledger, behind the guards of every module. */
  readonly rules: PostingRules;
  /** The rows that guards need beside others. */
  readonly besides: readonly AnyRowBeside[];
  /** In locking order. */
  readonly resources: readonly AnyResource[];
  /** Throws for an unregistered type: an internal fault, because its rows may be unknown. */
  requireType(type: { readonly name: string }): void;
}

/** One registered feature: the ledger itself, the inventory, the market. */
export interface EngineModule {
  readonly resources: readonly AnyResource[];
  readonly types: readonly AnyOperationType[];
  /** Checked on every posting, in the order of the modules. */
  readonly guards?: readonly PostingGuard[];
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
  const guards = modules.flatMap((module) => module.guards ?? []);
  return {
    rules: guardedRules(ledger.rules, guards),
    besides: guards.flatMap(({ beside }) => beside ?? []),
    resources,
    requireType(type) {
      if (types.get(type.name) !== type)
        throw new Error(`operation type ${type.name} is not registered`);
    },
  };
}

function guardedRules(rules: PostingRules, guards: readonly PostingGuard[]): PostingRules {
  return {
    ...rules,
    apply(view, posting, context) {
      for (const { check } of guards) check(view, posting, context);
      return rules.apply(view, posting, context);
    },
  };
}

/** For the lists of an `EngineModule`. */
export function resource<Id extends string | bigint, Row extends object>(
  typed: Resource<Id, Row>,
): AnyResource {
  return typed as unknown as AnyResource;
}

/** For `PostingGuard.beside`. */
export function rowBeside<OfId extends RowId, Id extends RowId, Row extends object>(
  typed: RowBeside<OfId, Id, Row>,
): AnyRowBeside {
  return typed as unknown as AnyRowBeside;
}
