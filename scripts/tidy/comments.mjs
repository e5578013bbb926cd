// Finds the comments of a source file, without a parser: strings, templates and regular expressions are
// skipped by their shape, which holds for formatted code.
const TYPESCRIPT = new RegExp(
  [
    /(?<comment>\/\*[^]*?\*\/|\/\/[^\n]*)/,
    /"(?:[^"\\\n]|\\.)*"/,
    /'(?:[^'\\\n]|\\.)*'/,
    /`(?:[^`\\]|\\[^])*`/,
    /(?<=[=(,:;!&|?{}[\n]\s*|return )\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);
const SQL = /(?<comment>\/\*[^]*?\*\/|--[^\n]*)|'(?:[^']|'')*'/g;

/** Returns `{ index, text }` of each comment, with its delimiters. */
export function commentsOf(file, source) {
  const pattern = file.endsWith(".sql") ? SQL : TYPESCRIPT;
  return [...source.matchAll(pattern)]
    .filter(({ groups }) => groups.comment !== undefined)
    .map(({ index, groups }) => ({ index, text: groups.comment }));
}

/** The source with blank comments; every other character keeps its index. */
export function codeOf(file, source) {
  let code = source;
  for (const { index, text } of commentsOf(file, source))
    code = code.slice(0, index) + blank(text) + code.slice(index + text.length);
  return code;
}

export function blank(text) {
  return text.replace(/[^\n]/g, " ");
}

/** The words of a comment, in lower case, without its delimiters. */
export function wordsOf(comment) {
  return comment.toLowerCase().match(/[a-z]+(?:'[a-z]+)?/g) ?? [];
}
