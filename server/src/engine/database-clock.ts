/**
 * The database's clock as this process knows it: its own, shifted by the last answer. So all
 * processes decide about expiries by one clock, within the time of an answer.
 */
import type { Queryable } from "../db/database.ts";

const READ = { name: "ledger_clock", text: "select statement_timestamp() as now" };

export class DatabaseClock {
  #shift: number | undefined;

  isSet(): boolean {
    return this.#shift !== undefined;
  }

  async set(db: Queryable): Promise<void> {
    const [row] = await db.query<{ now: Date }>(READ);
    if (row) this.adjust(row.now);
  }

  /** Takes a time that the database has just told, and returns it. */
  adjust(told: Date): Date {
    this.#shift = told.getTime() - Date.now();
    return told;
  }

  now(): Date {
    return new Date(Date.now() + (this.#shift ?? 0));
  }
}
