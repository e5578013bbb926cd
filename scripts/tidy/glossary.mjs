// Words that this project replaced by those of its field, as far as they can be told from other English.
import { blank, commentsOf } from "./comments.mjs";
import { isFrozenMigration } from "./migrations.mjs";
import { isCode, isSource, lineAt } from "./repository.mjs";

/** `not` matches whole words and parts of identifiers; `kept` are places where the word is right. */
export const GLOSSARY = [
  {
    not: "strangers?",
    say: "external user, orphan row",
    // Fields of `--json` and of the journal, and an option of `rollback`.
    kept: ["strangersAt(Start|End)", '"strangers"', "(?<!of )\\bstrangers: ", "confirm-?strangers"],
  },
  { not: "unproven", say: "unverified", kept: ["unproven_limit"] },
  // Columns of the schema, and a field of the replies about sessions.
  {
    not: "proven",
    say: "verified",
    kept: [
      "proven_at",
      "s\\.proven",
      "not proven",
      "platform,? proven",
      "`(newday.sessions\\.)?proven`",
      '"?\\bproven"?:',
      "ada\\.proven",
    ],
  },
  { not: "rungs?", say: "step, wait" },
  { not: "ladders?", say: "lock-timeout backoff" },
  { not: "remember(s|ed|ing)?", say: "cache" },
  { not: "recall(s|ed|ing)?", say: "read from the cache" },
  { not: "forget(s|ting)?|forgotten", say: "evict, invalidate" },
  { not: "relied", say: "read set, version check" },
  { not: "careful(ly)?", say: "pessimistic" },
  // A field of the report of `doctor --json` and of the integration page.
  {
    not: "verdicts?",
    say: "decision",
    kept: ["(report|result|check)\\.verdict", 'verdict: "unreachable"'],
  },
  { not: "unnamed", say: "new", kept: ['"Unnamed"', "unnamed (prepared )?statement"] },
  { not: "confinements?", say: "authorization scope, spending limit" },
  { not: "asked to stop|asked-?to-?stop", say: "graceful shutdown" },
  { not: "outlive (the )?output streams|outlive-?output-?streams", say: "ignore EPIPE" },
  { not: "ways? back", say: "rollback option" },
  // A term of a plan's risk, and a member of its findings.
  { not: "heats?", say: "load", kept: ['"heat"', "heat: load"] },
  { not: "felt", say: "client errors" },
  { not: "senses", say: "probes" },
  { not: "ears?", say: "listener" },
  { not: "hearing", say: "heartbeat" },
  { not: "whoever|somebody", say: "the process, user or session that is meant" },
  // The user of the operating system that a server runs as is called so.
  {
    not: "nobody",
    say: "no user, no process",
    kept: ["`nobody`", '"nobody"', "user nobody", "then 'nobody'"],
  },
].map((row) => ({ ...row, pattern: patternOf(row.not), exception: exceptionOf(row.kept) }));

const PAGE = /^(docs\/.*|[A-Z-]+(\.zh-CN)?)\.md$/;
/** A recording of what commands print. */
const RECORDED = /^docs\/repair\/recorded-/;

export function checkGlossary(repository) {
  return repository.files
    .filter((file) => isSource(file) || isNewMigration(file) || isPage(file) || isProse(file))
    .flatMap((file) => {
      const text = textOf(repository, file);
      return wordsIn(text).map(({ not, say, word, index }) => ({
        rule: `word ${not}`,
        place: `${file}:${lineAt(text, index)}`,
        what: `says "${word}"; say: ${say}`,
      }));
    });
}

function isPage(file) {
  return PAGE.test(file) && !RECORDED.test(file);
}

function isNewMigration(file) {
  return /^server\/migrations\/.*\.sql$/.test(file) && !isFrozenMigration(file);
}

/** Code beside the source: its values are examples and fields of reports. */
function isProse(file) {
  return isCode(file) && !isSource(file) && !OWN_WORDS.has(file);
}

/** They spell the words that they are about. */
const OWN_WORDS = new Set(["scripts/tidy/glossary.mjs", "server/test/tidy.test.ts"]);

/** What the check reads, in its place. Of a migration the comments: names of the schema may be older. */
function textOf(repository, file) {
  const text = repository.read(file);
  if (isNewMigration(file)) return keep(text, commentsOf(file, text));
  if (isProse(file)) return keep(text, [...commentsOf(file, text), ...titlesOf(text)]);
  return text;
}

function keep(text, pieces) {
  let kept = blank(text);
  for (const { index, text: piece } of pieces)
    kept = kept.slice(0, index) + piece + kept.slice(index + piece.length);
  return kept;
}

const TITLE = /(?:\b(?:it|test|describe)(?:\.\w+)*|\))\(\s*(["'`])((?:\\.|(?!\1)[^\\])*)\1\s*,/g;

/** Titles of tests, those of `it.each(...)(title, ...)` too. */
function titlesOf(text) {
  return [...text.matchAll(TITLE)].map(({ 0: call, 1: quote, 2: title, index }) => ({
    index: index + call.indexOf(quote) + 1,
    text: title,
  }));
}

/** Every word of the left column, also as a part of an identifier. */
export function wordsIn(text) {
  return GLOSSARY.flatMap(({ not, say, pattern, exception }) => {
    const kept = exception
      ? [...text.matchAll(exception)].map(({ 0: { length }, index }) => [index, index + length])
      : [];
    return [...text.matchAll(pattern)]
      .filter(({ index }) => !kept.some(([from, to]) => index >= from && index < to))
      .map(({ 0: word, index }) => ({ not, say, word, index }));
  });
}

/** `rung` in "a rung", "RUNGS_MS", "rungFor" and "nextRung", not in "wrung" or "rungs1x". */
function patternOf(not) {
  const inside = not.replaceAll(/(^|\|)([a-z])/g, (_, bar, letter) => bar + letter.toUpperCase());
  return new RegExp(
    `(?<![A-Za-z])(?:${caseless(not)})(?![a-z])|(?<=[a-z0-9])(?:${inside})(?![a-z])`,
    "g",
  );
}

function caseless(source) {
  return source.replaceAll(/[a-z](?![^[]*\])/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

function exceptionOf(kept) {
  return kept && new RegExp(kept.join("|"), "gi");
}
