/** Tables for a terminal. */

/** The lines of a table whose columns are as wide as their widest cell; the first row is the header. */
export function tableLines(cells: readonly (readonly string[])[], indent = ""): string[] {
  const columns = Math.max(0, ...cells.map((line) => line.length));
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(...cells.map((line) => widthOf(line[at] ?? ""))),
  );
  return cells.map((line) =>
    `${indent}${line.map((cell, at) => padded(cell, widths[at] ?? 0)).join("  ")}`.trimEnd(),
  );
}

/** The columns of a terminal that a text takes: a Chinese character takes two. */
function widthOf(text: string): number {
  return text.replaceAll(/[\u2E80-\u9FFF\uFF00-\uFF60]/g, "xx").length;
}

function padded(cell: string, width: number): string {
  return cell + " ".repeat(width - widthOf(cell));
}
