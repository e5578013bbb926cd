/**
 * What units concern: the rows that they announce and the ids that they post under. Two units that
 * meet keep their order; a row's id may also be the id of the unit that creates it.
 */
import type { Unit } from "./decide-batch.ts";
import type { AnyResource, RowId, Touch } from "./resource.ts";

export class Claims {
  readonly #rows = new Map<AnyResource, Set<RowId>>();
  readonly #ids = new Set<RowId>();

  /** With `counts`, only the rows for which it holds. */
  add({ touches, operations }: Unit, counts: (row: Touch) => boolean = () => true): void {
    for (const row of touches) if (counts(row)) this.#addRow(row);
    for (const { transferId } of operations) this.#ids.add(transferId);
  }

  meets({ touches, operations }: Unit): boolean {
    for (const { resource, id } of touches)
      if (this.#rows.get(resource)?.has(id) || this.#ids.has(id)) return true;
    return operations.some(({ transferId }) => this.#ids.has(transferId));
  }

  /** Whether the unit asks for what one of the added units is about to create. */
  areNamedBy({ touches }: Unit): boolean {
    return touches.some(({ id }) => this.#ids.has(id));
  }

  #addRow({ resource, id }: Touch): void {
    const ids = this.#rows.get(resource);
    if (ids) ids.add(id);
    else this.#rows.set(resource, new Set([id]));
    if (typeof id === "string") this.#ids.add(id);
  }
}
