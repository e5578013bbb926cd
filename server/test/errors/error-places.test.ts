/** Every SQLSTATE of PostgreSQL's appendix and every system error has a place. */
import { readdirSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { placeOf } from "../../src/db/error-places.ts";
import {
  faultReasonOf,
  mapDatabaseError,
  OWN_SQL_STATE,
  SQL_STATE,
} from "../../src/db/sql-state.ts";
import { runnableBinaries } from "../../src/db/embedded/binaries.ts";
import { clusterOwner } from "../../src/db/cluster.ts";
import { toNewDayError } from "../../src/http/plugins/error-handler.ts";

/** The list that the appendix is made of, as the embedded PostgreSQL ships it. */
function appendix(): string[] {
  const { binDir } = runnableBinaries(clusterOwner());
  const text = readFileSync(join(dirname(binDir), "share/postgresql/errcodes.txt"), "utf8");
  return [...text.matchAll(/^([0-9A-Z]{5})\s+E\s/gm)].map(([, state]) => state ?? "");
}

function raised(code: string): Error {
  return Object.assign(new Error("raised"), { code });
}

describe("the place of an error", () => {
  it("exists for every SQLSTATE of the appendix", () => {
    const states = appendix();
    expect(states.length).toBeGreaterThan(200);
    expect(states.filter((state) => placeOf(state) === undefined)).toEqual([]);
  });

  it("exists for every system error of this machine", () => {
    const names = Object.keys(constants.errno);
    expect(names.filter((name) => placeOf(name) === undefined)).toEqual([]);
  });

  it.each([...appendix(), ...Object.keys(constants.errno)])(
    "%s is 503 with a retry, or a fault with a reason",
    (code) => {
      const { definition } = toNewDayError(raised(code));
      const reason = faultReasonOf(raised(code));
      if (reason === undefined)
        expect([definition.status, definition.retryable]).toEqual([503, true]);
      else expect([definition.status, definition.retryable]).toEqual([500, false]);
    },
  );

  it.each([
    ["EMFILE", "system_exhausted"],
    ["ENOSPC", "system_exhausted"],
    ["53100", "system_exhausted"],
    ["53300", "database_unavailable"],
    [SQL_STATE.serializationFailure, "database_busy"],
    [SQL_STATE.deadlockDetected, "database_busy"],
    ["25006", "database_read_only"],
    ["57P05", "database_unavailable"],
  ])("%s is %s", (code, expected) => {
    expect(mapDatabaseError(raised(code))).toMatchObject({ code: expected });
  });
});

describe("SQLSTATEs of our own", () => {
  it("have one meaning each", () => {
    const states = Object.values(OWN_SQL_STATE);
    expect(new Set(states).size).toBe(states.length);
  });

  it("are all listed, those of the migrations too", () => {
    const folder = join(import.meta.dirname, "../../migrations");
    const sql = readdirSync(folder)
      .filter((name) => name.endsWith(".sql"))
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("\n");
    const used = new Set([...sql.matchAll(/'(ND\d{3})'/g)].map(([, state]) => state));
    const known: readonly string[] = Object.values(OWN_SQL_STATE);
    expect([...used].filter((state) => !known.includes(state ?? ""))).toEqual([]);
  });
});
