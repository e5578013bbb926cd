/**
 * Row reservations: the rows that units announce and the ids that they post under. Two units in
 * conflict keep their order; a row's id may also be the id of the unit that creates it.
 */
import type { Unit } from "./decide-batch.ts";
import type { AnyResource, RowId, RowKey } from "./resource.ts";

export class RowReservations {
  readonly #rows = new Map<AnyResource, Set<RowId>>();
  readonly #namedIds = new Set<RowId>();
  readonly #transferIds = new Set<string>();

  /** With `counts`, only the rows for which it holds. */
  add(unit: Unit, counts: (row: RowKey) => boolean = () => true): void {
    for (const row of unit.readWriteSet) if (counts(row)) this.#addRow(row);
    this.addIds(unit);
  }

  /** Only what the unit posts under. */
  addIds({ operations }: Unit): void {
    for (const { transferId } of operations) this.#transferIds.add(transferId);
  }

  conflictsWith(unit: Unit): boolean {
    if (this.create(unit)) return true;
    const { readWriteSet, operations } = unit;
    if (this.#rows.size > 0)
      for (const { resource, id } of readWriteSet)
        if (this.#rows.get(resource)?.has(id)) return true;
    for (const { transferId } of operations)
      if (this.#transferIds.has(transferId) || this.#namedIds.has(transferId)) return true;
    return false;
  }

  /** Whether the unit needs a row that one of the added units is about to create. */
  create({ readWriteSet }: Unit): boolean {
    if (this.#transferIds.size === 0) return false;
    for (const { id } of readWriteSet)
      if (typeof id === "string" && this.#transferIds.has(id)) return true;
    return false;
  }

  #addRow({ resource, id }: RowKey): void {
    const ids = this.#rows.get(resource);
    if (ids) ids.add(id);
    else this.#rows.set(resource, new Set([id]));
    if (typeof id === "string") this.#namedIds.add(id);
  }
}

/** The reservations of an in-flight batch, built on demand: most batches are sent before. */
export class BatchReservations {
  readonly #units: readonly Unit[];
  readonly #counts: (row: RowKey) => boolean;
  #reservations: RowReservations | undefined;

  constructor(units: readonly Unit[], counts: (row: RowKey) => boolean) {
    this.#units = units;
    this.#counts = counts;
  }

  conflictsWith(unit: Unit): boolean {
    if (!this.#reservations) {
      this.#reservations = new RowReservations();
      for (const one of this.#units) this.#reservations.add(one, this.#counts);
    }
    return this.#reservations.conflictsWith(unit);
  }
}
