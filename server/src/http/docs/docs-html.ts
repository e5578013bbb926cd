/** The frame of the pages under /docs: one small file, free of scripts and external resources. */
import type { Message } from "../../lib/messages.ts";

/** Pages hold text and style only. */
export const DOCS_SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'";

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --accent: #2563eb; }
@media (prefers-color-scheme: dark) { :root { --accent: #7aa7ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem; line-height: 1.55;
  font-family: system-ui, "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei", sans-serif; }
h1 { margin: 0 0 .25rem; } h2 { margin: 2.5rem 0 .5rem; border-bottom: 1px solid var(--line); }
a { color: var(--accent); } .zh { opacity: .75; }
code, pre { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .875em; }
pre { background: var(--soft); padding: .75rem; border-radius: .5rem; overflow-x: auto; }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0; padding: 0 .75rem; }
summary { cursor: pointer; padding: .6rem 0; display: flex; gap: .6rem; flex-wrap: wrap;
  align-items: baseline; }
.method { font-weight: 700; min-width: 3.2rem; color: var(--accent); }
.path { overflow-wrap: anywhere; } .says { margin-left: auto; }
table { border-collapse: collapse; width: 100%; display: block; overflow-x: auto; }
td:nth-child(3):not(:last-child) { white-space: nowrap; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0;
  border-bottom: 1px solid var(--line); }
nav { display: flex; gap: 1rem; flex-wrap: wrap; margin: .75rem 0 1.5rem; }
`;

export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** English first, Chinese beside it, as everywhere in these pages. */
export function bothLanguages({ en, zh }: Message): string {
  return `${escapeHtml(en)} <span class="zh" lang="zh-CN">${escapeHtml(zh)}</span>`;
}

/** Text with `code` in backticks, as the descriptions of the schemas have it. */
export function textWithCode(text: string): string {
  return escapeHtml(text).replaceAll(/`([^`]+)`/g, "<code>$1</code>");
}

export function docsPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · New Day</title>
<style>${STYLE}</style>
<body>
${body}
</body>
</html>
`;
}
