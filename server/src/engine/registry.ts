/** Which kinds of operations and which resources an engine knows. */
import type { OperationKind } from "./operation.ts";
import type { AnyResource, Resource } from "./resource.ts";

export interface Registry {
  /** In locking order. */
  readonly resources: readonly AnyResource[];
  kind(name: string): OperationKind<never>;
}

/** One registered feature: the ledger itself, the inventory, the market. */
export interface EnginePart {
  readonly resources: readonly AnyResource[];
  readonly kinds: readonly OperationKind<never>[];
}

/**
 * Joins the parts; resources are locked in the order given, so every process must list them alike.
 * Throws on a name that is taken, and `kind` throws on one that nobody registered: both are faults
 * of ours, met at the first start.
 */
export function createRegistry(...parts: readonly EnginePart[]): Registry {
  const resources = parts.flatMap((part) => part.resources);
  const kinds = new Map<string, OperationKind<never>>();
  for (const kind of parts.flatMap((part) => part.kinds)) {
    if (kinds.has(kind.name)) throw new Error(`kind ${kind.name} is registered twice`);
    kinds.set(kind.name, kind);
  }
  if (new Set(resources.map(({ name }) => name)).size !== resources.length)
    throw new Error("a resource is registered twice");
  return {
    resources,
    kind(name) {
      const kind = kinds.get(name);
      if (!kind) throw new Error(`no kind of operation is called ${name}`);
      return kind;
    },
  };
}

/** For the lists of an `EnginePart`. */
export function resource<Id extends string | bigint, Row extends object>(
  typed: Resource<Id, Row>,
): AnyResource {
  return typed as unknown as AnyResource;
}
