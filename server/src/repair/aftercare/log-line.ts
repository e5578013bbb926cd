/**
 * Finds failed foreign keys in PostgreSQL's log, in each of its three forms: csvlog and jsonlog name
 * the SQLSTATE, lines for people name it when `log_line_prefix` has %e, and else in English words.
 *
 * Takes names of constraints out of a line and nothing else: the rest may be a client's data. A
 * statement that quotes the words of an error is not one, because it stands behind another severity.
 */
import type { PrefixReader } from "./log-prefix.ts";

const FOREIGN_KEY_VIOLATION = "23503";
/** "ERROR" as PostgreSQL's catalogues translate it; DETAIL and STATEMENT lines repeat the SQLSTATE. */
const ERROR_WORDS: ReadonlySet<string> = new Set([
  "ERROR", "FEHLER", "ERREUR", "ERRORE", "ERRO", "ОШИБКА", "ПОМИЛКА", "FEL", "BŁĄD", "CHYBA", "HATA",
  "შეცდომა", "오류", "错误", "錯誤",
]); // prettier-ignore
const ENGLISH =
  /^(?:insert or update|update or delete) on table "(.+?)" violates foreign key constraint "(.+?)"(?: on table "(.+)")?$/s;
const QUOTED = /["«»„“”](.+?)["«»“”]/gs;
const SEVERITY = /(?<=^|[^\p{L}\d])([\p{L}\d]+): {2}/u;
const CSV_BEGINNING =
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [^,"]+,(?:"(?:[^"]|"")*")?,(?:"(?:[^"]|"")*")?,\d+,/;
const CSV_FIELD = /(?:"((?:[^"]|"")*)"|([^,"]*))(?:,|$)/gy;
const CSV = { database: 2, sqlState: 12, message: 13 } as const;
/** Records are as long as the statements in them; a lost quote must not swallow the rest of the log. */
const MAX_RECORD_LENGTH = 1 << 20;

export interface LineScope {
  /** Names of the tables that the repair touches. */
  readonly tables: readonly string[];
  /** Violations of other databases in the same log are not ours. */
  readonly database: string | undefined;
  readonly prefix: PrefixReader;
}

export interface FailedForeignKey {
  /** Undefined when the line does not name it. */
  readonly constraint: string | undefined;
}

interface Entry {
  readonly sqlState: string | undefined;
  readonly database: string | undefined;
  readonly message: string;
}

export interface LineReader {
  /** Undefined for every line that is no failed foreign key of the repaired tables. */
  read(line: string, scope: LineScope): FailedForeignKey | undefined;
}

export function createLineReader(): LineReader {
  let record = "";
  return {
    read(line, scope) {
      if (record === "" && !CSV_BEGINNING.test(line)) return judge(otherEntry(line, scope), scope);
      record = record === "" ? line : `${record}\n${line}`;
      if (record.length <= MAX_RECORD_LENGTH && hasOpenQuote(record)) return undefined;
      const whole = record;
      record = "";
      return judge(csvEntry(whole), scope);
    },
  };
}

function judge(entry: Entry | undefined, scope: LineScope): FailedForeignKey | undefined {
  if (!entry) return undefined;
  const { sqlState, database, message } = entry;
  const english = ENGLISH.exec(message);
  if (sqlState === undefined ? !english : sqlState !== FOREIGN_KEY_VIOLATION) return undefined;
  const known = database !== undefined && scope.database !== undefined;
  if (known && database !== scope.database) return undefined;
  const names = english ? [english[1], english[3], english[2]] : quotedNames(message);
  const isTable = (name: string | undefined) => name !== undefined && scope.tables.includes(name);
  if (!(english ? names.slice(0, 2) : names).some(isTable)) return undefined;
  return { constraint: english ? english[2] : names.find((name) => !isTable(name)) };
}

function quotedNames(message: string): string[] {
  return [...message.matchAll(QUOTED)].map(([, name = ""]) => name.trim());
}

function otherEntry(line: string, scope: LineScope): Entry | undefined {
  return line.startsWith("{") ? jsonEntry(line) : lineEntry(line, scope);
}

function jsonEntry(line: string): Entry | undefined {
  try {
    const entry = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const { state_code: sqlState, dbname: database, message } = entry;
    if (typeof sqlState !== "string" || typeof message !== "string") return undefined;
    return { sqlState, message, database: typeof database === "string" ? database : undefined };
  } catch {
    return undefined;
  }
}

function lineEntry(line: string, { prefix }: LineScope): Entry | undefined {
  const severity = SEVERITY.exec(line);
  if (!severity || !ERROR_WORDS.has(severity[1] ?? "")) return undefined;
  const { sqlState, database } = prefix(line.slice(0, severity.index));
  const words = line.slice(severity.index + severity[0].length);
  // `log_error_verbosity = verbose` writes the SQLSTATE before the words.
  const [all, verbose, rest] = /^(?:([0-9A-Z]{5}): )?(.*)$/s.exec(words) ?? [
    words,
    undefined,
    words,
  ];
  return { sqlState: sqlState ?? verbose, database, message: rest ?? all };
}

function csvEntry(record: string): Entry | undefined {
  const fields: string[] = [];
  CSV_FIELD.lastIndex = 0;
  for (let found = CSV_FIELD.exec(record); found; found = CSV_FIELD.exec(record)) {
    fields.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? "");
    if (fields.length > CSV.message) break;
  }
  const [database, sqlState, message] = [CSV.database, CSV.sqlState, CSV.message].map((at) => fields[at]); // prettier-ignore
  return message === undefined ? undefined : { database: database || undefined, sqlState, message };
}

function hasOpenQuote(record: string): boolean {
  return (record.split('"').length - 1) % 2 === 1;
}
