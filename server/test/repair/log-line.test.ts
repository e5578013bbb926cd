/** What is a failed foreign key of the repaired tables in a log, and what only looks like one. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLineReader, type LineScope } from "../../src/repair/aftercare/log-line.ts";
import { prefixReader } from "../../src/repair/aftercare/log-prefix.ts";

const KEY = "wallets_user_id_players_id_fk";
const WORDS = `insert or update on table "wallets" violates foreign key constraint "${KEY}"`;
const TIME = "2026-11-23 05:00:01.123 UTC";

function scope(logLinePrefix: string, parts: Partial<LineScope> = {}): LineScope {
  return {
    tables: ["wallets", "players"],
    database: "newday",
    prefix: prefixReader(logLinePrefix),
    ...parts,
  };
}

/** The constraints that were found, line by line. */
function found(lines: readonly string[], within: LineScope): (string | undefined)[] {
  const reader = createLineReader();
  return lines.flatMap((line) => {
    const failed = reader.read(line, within);
    return failed ? [failed.constraint] : [];
  });
}

describe("a line for people", () => {
  it("is known by its English words, without any SQLSTATE", () => {
    const line = `${TIME} [77] ERROR:  ${WORDS}`;
    expect(found([line], scope("%m [%p] "))).toEqual([KEY]);
    expect(found([`Nov 23 05:00 host postgres[77]: [5-1] ${line}`], scope("%m [%p] "))).toEqual([
      KEY,
    ]);
    expect(found([`${TIME} [77] ERROR:  23503: ${WORDS}`], scope("%m [%p] "))).toEqual([KEY]);
  });

  it("is counted for the delete of a player whose wallet still stands", () => {
    const words = `update or delete on table "players" violates foreign key constraint "${KEY}" on table "wallets"`;
    expect(found([`ERROR:  ${words}`], scope(""))).toEqual([KEY]);
  });

  it.each([
    ["FEHLER", `Einfügen oder Aktualisieren in Tabelle »wallets« verletzt Fremdschlüssel-Constraint »${KEY}«`],
    ["ERREUR", `une instruction insert ou update sur la table « wallets » viole la clé étrangère « ${KEY} »`],
    ["错误", `插入或更新表 "wallets" 违反外键约束 "${KEY}"`],
    ["ERROR", `テーブル"wallets"への挿入、更新は外部キー制約"${KEY}"に違反しています`],
    ["오류", `"wallets" 테이블에서 자료 추가, 갱신 작업이 "${KEY}" 참조키(foreign key) 제약 조건을 위배했습니다`],
    ["ОШИБКА", `INSERT или UPDATE в таблице "wallets" нарушает ограничение внешнего ключа "${KEY}"`],
  ])("is known by its SQLSTATE when the server speaks another language: %s", (severity, words) => {
    const line = `${TIME} [77] newday 23503 ${severity}:  ${words}`;
    expect(found([line], scope("%m [%p] %d %e "))).toEqual([KEY]);
    expect(found([line.replace("23503", "23505")], scope("%m [%p] %d %e "))).toEqual([]);
  }); // prettier-ignore

  it("is counted once: DETAIL and STATEMENT repeat the SQLSTATE and may quote the words", () => {
    const lines = [
      `${TIME} 23503 ERROR:  ${WORDS}`,
      `${TIME} 23503 DETAIL:  Key (user_id)=(x) is not present in table "players".`,
      `${TIME} 23503 STATEMENT:  insert into wallets values ('ERROR:  ${WORDS}')`,
      `${TIME} 00000 LOG:  statement: select 'ERROR:  ${WORDS}'`,
      `\tERROR ${WORDS}`,
    ];
    expect(found(lines, scope("%m %e "))).toEqual([KEY]);
  });

  it("is not a process whose number happens to be 23503", () => {
    const line = `${TIME} [23503] ERROR:  duplicate key value violates unique constraint "wallets"`;
    expect(found([line], scope("%m [%p] "))).toEqual([]);
  });

  it("is not counted for another table, nor for another database of the server", () => {
    const other = WORDS.replace('"wallets"', '"orders"');
    expect(found([`newday ERROR:  ${other}`], scope("%d "))).toEqual([]);
    expect(found([`staging ERROR:  ${WORDS}`], scope("%d "))).toEqual([]);
    expect(found([`newday ERROR:  ${WORDS}`], scope("%d "))).toEqual([KEY]);
    const named = WORDS.replace(KEY, "wallets").replace('"wallets"', '"orders"');
    expect(found([`newday ERROR:  ${named}`], scope("%d "))).toEqual([]);
  });
});

describe("a record of csvlog", () => {
  const record = (database: string, state: string, message: string, query = "") =>
    `${TIME},"app","${database}",77,"[local]",6a.4d,3,"INSERT",${TIME},4/2,0,ERROR,${state},"${message.replaceAll('"', '""')}",,,,,,"${query}",,,"app","client backend",,0`;

  it("tells SQLSTATE, database and words, in whatever language", () => {
    const translated = `插入或更新表 "wallets" 违反外键约束 "${KEY}"`;
    const lines = [
      record("newday", "23503", WORDS),
      record("newday", "23503", translated),
      record("staging", "23503", WORDS),
      record("newday", "23505", WORDS),
    ];
    expect(found(lines, scope(""))).toEqual([KEY, KEY]);
  });

  it("is whole over several lines, and a query in it is no record", () => {
    const query = `select 1\n${TIME} ERROR:  ${WORDS}\n${record("newday", "23503", WORDS).replaceAll('"', '""')}`;
    const text = `${record("newday", "42P01", "no such table", query)}\n${record("newday", "23503", WORDS)}`;
    expect(found(text.split("\n"), scope(""))).toEqual([KEY]);
  });
});

describe("a line of jsonlog", () => {
  it("tells SQLSTATE, database and words", () => {
    const line = (dbname: string, state: string) =>
      JSON.stringify({ timestamp: TIME, dbname, error_severity: "ERROR", state_code: state, message: WORDS }); // prettier-ignore
    const lines = [line("newday", "23503"), line("staging", "23503"), line("newday", "23505")];
    expect(found([...lines, "{broken", "{}", "[]"], scope(""))).toEqual([KEY]);
  });
});

describe("log_line_prefix", () => {
  it.each([
    ["%m [%p] %q%u@%d %e ", `${TIME} [77] app@newday 23503 `],
    ["%t:%h:%r|%d|%a|%e|", "2026-11-23 05:00:01 UTC:10.0.0.1:10.0.0.1(5)|newday|psql: it|23503|"],
    ["<%e> %% %-10d|%5p (%c) ", "<23503> % newday    |   77 (6a.4d) "],
    ["%d %d %e %e ", "newday newday 23503 23503 "],
    ["db=%d,user=%u,state=%e ", "k8s-node-1 db=newday,user=a b,state=23503 "],
  ])("is read backwards: %s", (setting, beginning) => {
    const read = prefixReader(setting)(beginning);
    expect(read.sqlState).toBe("23503");
    expect(read.database?.split(" ").at(-1)?.replace(/^db=/, "")).toBe("newday");
  });

  it("is any text at all, and no line of a log is ever an exception", () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: "binary" }), (setting, line) => {
        const within = scope(setting);
        createLineReader().read(line, within);
        createLineReader().read(`${line}ERROR:  ${WORDS}`, within);
      }),
      { numRuns: 500 },
    );
  });
});
