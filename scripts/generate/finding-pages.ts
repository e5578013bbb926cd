/** docs/repair/findings: one page per finding, so that a link in a plan has a place to point to. */
import {
  FINDING_CATALOGUE,
  type FindingEntry,
} from "../../server/src/repair/plan/finding-catalogue.ts";

const FOLDER = "docs/repair/findings";

interface Page {
  readonly path: string;
  readonly content: string;
}

export function findingPages(): Page[] {
  const entries = FINDING_CATALOGUE.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return [
    { path: `${FOLDER}/README.md`, content: index(entries) },
    ...entries.map((entry) => ({ path: pagePath(entry), content: page(entry) })),
  ];
}

function pagePath({ id }: FindingEntry): string {
  return `${FOLDER}/${id.toLowerCase()}.md`;
}

function index(entries: readonly FindingEntry[]): string {
  const rows = entries.map(
    ({ id, title }) => `| [${id}](${id.toLowerCase()}.md) | ${title.en} | ${title.zh} |`,
  );
  return `# Findings of the preflight

What \`newday repair plan\` and \`smoke\` may tell you, generated from the catalogue by \`npm run generate\`. An id
that begins with B stops an apply unless its page says that it may be accepted with a reason; W and the
informative ones do not; a few weigh more or less by what was seen, and the plan shows how. Ids never change their meaning. \`newday repair explain ID\` prints the same text.

| id | what | 含义 |
| --- | --- | --- |
${rows.join("\n")}
`;
}

function page({ id, title, why, remedy, acceptable }: FindingEntry): string {
  const command = `newday repair plan --accept ${id}="the reason, which is journaled"`;
  const acceptance = acceptable
    ? `It may be accepted with a reason (可附理由接受):\n\n\`\`\`\n${command}\n\`\`\`\n`
    : id.startsWith("B")
      ? "It cannot be accepted: there is no option that goes around it. 不可跳过。\n"
      : "Unless it says so above, it does not stop an apply; it is shown in the plan. 除非上文说明，否则不阻止执行，会在计划中显示。\n";
  return `# ${id}: ${title.en}

${title.zh}

## Why it matters here

${why.en}

${why.zh}

## What to do

${remedy.en}

${remedy.zh}

${acceptance}`;
}
