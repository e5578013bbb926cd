/**
 * server/public/test-newday-integration.html: the checks of `integration/checks` as a page, in one
 * self-contained file, so that it works from a server and from disk alike.
 */
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const FOLDER = "integration/page";

export async function integrationPage(): Promise<string> {
  const frame = await bundle("null-origin-frame.ts");
  const script = await bundle("main.ts", { NULL_ORIGIN_SCRIPT: JSON.stringify(frame) });
  const style = readFileSync(`${FOLDER}/page.css`, "utf8");
  const parts = { policy: policyOf({ scripts: [script, frame], style }), style, script };
  return fill(readFileSync(`${FOLDER}/page.html`, "utf8"), parts);
}

/** Only this script and this style run, wherever the file is opened. */
function policyOf({ scripts, style }: { scripts: readonly string[]; style: string }): string {
  return [
    "default-src 'none'",
    `script-src ${scripts.map(hashOf).join(" ")}`,
    `style-src ${hashOf(style)}`,
    "img-src data:",
    // The address of the server is typed in by the person who opens the page.
    "connect-src http: https:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

async function bundle(entry: string, define: Record<string, string> = {}): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`${FOLDER}/${entry}`],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    minify: true,
    // Chinese stays readable in the file, which is UTF-8.
    charset: "utf8",
    define,
    logLevel: "warning",
  });
  // A closing tag inside a string would end the inline script.
  return (outputFiles[0]?.text ?? "").trim().replaceAll("</script", "<\\/script");
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

function fill(template: string, parts: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_match, name: string) => parts[name] ?? "");
}
